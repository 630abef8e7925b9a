namespace Broker.Storage.Tests;

public sealed class PostgresBrokerReadsTests(PostgresUnderTest storage) : BrokerReadsTests(storage), IClassFixture<PostgresUnderTest>;
