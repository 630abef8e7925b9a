namespace Broker.Storage.Tests;

public sealed class SqliteTaskListTests(SqliteUnderTest storage) : TaskListTests(storage), IClassFixture<SqliteUnderTest>;
