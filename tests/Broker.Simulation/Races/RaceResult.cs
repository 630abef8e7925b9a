namespace Broker.Simulation;

/// <summary>What came of the races of one run.</summary>
/// <param name="Outcomes">How often each way of ending was seen.</param>
/// <param name="Recent">The end of the story, for a failure.</param>
internal sealed record RaceResult(RaceKind Kind, int Seed, IReadOnlyDictionary<string, int> Outcomes, Violation? Violation, string Recent)
{
    public override string ToString() => $"{Kind}, seed {Seed}, breaks {Violation!.Rule}: {Violation.What}\nWhat led to it:\n{Recent}";
}
