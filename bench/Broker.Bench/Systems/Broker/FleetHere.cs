using Broker.Agent;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Bench;

/// <summary>Workers of the real library in this process, so that it can be told when a handler was entered.</summary>
internal sealed class FleetHere : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http;
    private readonly ConnectionPool _pool;
    private readonly Task[] _workers;

    /// <param name="workAsync">The whole work of an attempt, whose result is its payload.</param>
    public FleetHere(Uri api, Uri rabbitMq, FleetPlan plan, Func<TaskContext, Task> workAsync)
    {
        _http = new HttpClient { BaseAddress = api };
        _pool = new ConnectionPool(new RabbitMqOptions(rabbitMq));
        var connection = new RabbitMqConnection(new Agent.ApiClient(_http), _pool, TimeProvider.System, NullLogger<RabbitMqConnection>.Instance);
        var handlers = new HandlerSet(new Dictionary<string, HandleTask> { ["echo"] = HandleAsync });
        _workers = [.. Enumerable.Range(1, plan.Workers).Select(number => new AgentWorker(
            connection, handlers, SettingsOf(plan, number), TimeProvider.System, Random.Shared, NullLogger.Instance).RunAsync(_stopping.Token))];

        async Task<object?> HandleAsync(TaskContext context, CancellationToken cancellationToken)
        {
            await workAsync(context);
            return context.Payload;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers).WaitAsync(Patience);
        _pool.Dispose();
        _http.Dispose();
        _stopping.Dispose();
    }

    private static AgentSettings SettingsOf(FleetPlan plan, int number) => new(new WorkerRegistration
    {
        Id = $"{plan.Label?.Replace('=', '-') ?? "bot"}-{number:D3}",
        Slots = plan.Slots,
        MaxBatch = plan.MaxBatch,
        Labels = plan.Label?.Split('=') is [var key, var value] ? new Dictionary<string, string> { [key] = value } : null,
    });
}
