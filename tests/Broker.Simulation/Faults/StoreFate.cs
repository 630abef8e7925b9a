namespace Broker.Simulation;

/// <summary>What becomes of a call to the database.</summary>
internal enum StoreFate
{
    Good,

    /// <summary>Refused before anything happened.</summary>
    Unavailable,

    /// <summary>It happened; nobody says so.</summary>
    UnknownDone,

    /// <summary>It did not happen; nobody says so.</summary>
    UnknownLost,

    /// <summary>Nobody answers, and it happens later, if its epoch still stands then.</summary>
    UnknownLate,
}
