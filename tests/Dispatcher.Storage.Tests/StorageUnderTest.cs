using Microsoft.Extensions.DependencyInjection;

namespace Broker.Storage.Tests;

/// <summary>One database with its ports, made once for a test class.</summary>
public abstract class StorageUnderTest : IAsyncLifetime
{
    private ServiceProvider? _services;

    public ISchedulerStore Store => Get<ISchedulerStore>();
    public IBrokerReads Reads => Get<IBrokerReads>();
    public ISchema Schema => Get<ISchema>();
    public IPartitionUpkeep Upkeep => Get<IPartitionUpkeep>();

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection();
        await AddAsync(services);
        _services = services.BuildServiceProvider();
        await Schema.MigrateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_services is not null) await _services.DisposeAsync();
        await RemoveAsync();
    }

    protected abstract Task AddAsync(IServiceCollection services);

    protected abstract ValueTask RemoveAsync();

    private T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();
}
