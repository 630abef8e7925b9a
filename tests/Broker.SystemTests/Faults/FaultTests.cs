namespace Broker.SystemTests;

/// <summary>Tests that break the servers under one Broker, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class FaultTests : ICollectionFixture<FaultyBroker>
{
    public const string Name = "faults";
}
