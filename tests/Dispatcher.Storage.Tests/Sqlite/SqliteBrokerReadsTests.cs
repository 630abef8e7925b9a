namespace Broker.Storage.Tests;

public sealed class SqliteBrokerReadsTests(SqliteUnderTest storage) : BrokerReadsTests(storage), IClassFixture<SqliteUnderTest>;
