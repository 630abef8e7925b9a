namespace Broker.Storage.Tests;

public sealed class PostgresUpkeepTests(PostgresUnderTest storage) : UpkeepTests(storage), IClassFixture<PostgresUnderTest>;
