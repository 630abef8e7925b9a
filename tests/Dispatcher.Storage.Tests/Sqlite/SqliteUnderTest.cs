using Microsoft.Extensions.DependencyInjection;

namespace Broker.Storage.Tests;

public sealed class SqliteUnderTest : StorageUnderTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("broker-storage-");

    public string Folder => _folder.FullName;

    protected override Task AddAsync(IServiceCollection services)
    {
        services.AddSqliteStorage(_folder.FullName);
        return Task.CompletedTask;
    }

    protected override ValueTask RemoveAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
