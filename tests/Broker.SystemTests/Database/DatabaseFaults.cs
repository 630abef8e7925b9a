namespace Broker.SystemTests;

/// <summary>Tests that break the PostgreSQL under one Broker, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class DatabaseFaults : ICollectionFixture<FaultyDatabase>
{
    public const string Name = "database";
}
