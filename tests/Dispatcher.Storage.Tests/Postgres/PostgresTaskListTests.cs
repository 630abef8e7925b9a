namespace Broker.Storage.Tests;

public sealed class PostgresTaskListTests(PostgresUnderTest storage) : TaskListTests(storage), IClassFixture<PostgresUnderTest>;
