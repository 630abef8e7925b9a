namespace Broker.Storage.Tests;

public sealed class SqliteUpkeepTests(SqliteUnderTest storage) : UpkeepTests(storage), IClassFixture<SqliteUnderTest>;
