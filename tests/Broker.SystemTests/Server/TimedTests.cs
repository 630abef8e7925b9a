namespace Broker.SystemTests;

/// <summary>Tests of how long something takes at most: with the machine to themselves, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimedTests
{
    public const string Name = "timed";
}
