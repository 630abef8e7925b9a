namespace Broker.Storage.Tests;

public sealed class SqliteSchedulerStoreTests(SqliteUnderTest storage)
    : SchedulerStoreTests(storage), IClassFixture<SqliteUnderTest>
{
    [Fact]
    public void A_second_broker_is_told_that_the_folder_is_in_use()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => new SqliteFolder(storage.Folder, TimeProvider.System));

        Assert.Contains(storage.Folder, exception.Message, StringComparison.Ordinal);
    }
}
