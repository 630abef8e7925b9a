using Broker.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Storage.Tests;

public sealed class PostgresUnderTest : StorageUnderTest
{
    public PostgresSchema Database { get; private set; } = null!;

    protected override async Task AddAsync(IServiceCollection services)
    {
        Database = await PostgresSchema.CreateAsync();
        services.AddPostgresStorage(Database.ConnectionString);
    }

    protected override async ValueTask RemoveAsync()
    {
        if (Database is not null) await Database.DisposeAsync();
    }
}
