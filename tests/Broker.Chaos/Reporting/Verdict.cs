namespace Broker.Chaos;

/// <summary>What a run has shown. The values are exit codes.</summary>
internal enum Verdict
{
    /// <summary>Every fault bit, and every promise was kept.</summary>
    Valid = 0,

    /// <summary>A promise was broken.</summary>
    Violated = 1,

    /// <summary>Nothing was broken, but a fault was not seen to bite: the run shows less than it should.</summary>
    Invalid = 3,
}
