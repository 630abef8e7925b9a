using System.Collections.Concurrent;
using Broker.Agent;
using Broker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.SystemTests;

/// <summary>Workers of the real library in the test's process, each with connections of its own, as if alone on its machine.</summary>
/// <remarks>They run tasks of type <c>hold</c> until the test lets go of them; their result is the worker's id.</remarks>
internal sealed class BotFleet : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(string Worker, Guid Task, int Attempt)> _runs = new();
    private readonly ConcurrentDictionary<string, WatchedConnection> _connections = new();
    private readonly List<ConnectionPool> _pools = [];
    private readonly List<Task<AgentExit>> _lives = [];
    private readonly HttpClient _http;
    private readonly Uri _rabbitMq;

    /// <param name="rabbitMq">Where they connect to, as through a proxy.</param>
    public BotFleet(ServerBroker broker, Uri rabbitMq)
    {
        _http = new HttpClient { BaseAddress = broker.Address, Timeout = Patience };
        _rabbitMq = rabbitMq;
    }

    /// <param name="proxy">Leads to the Broker's own RabbitMQ.</param>
    public BotFleet(ServerBroker broker, TcpProxy proxy)
        : this(broker, new UriBuilder(broker.RabbitMq) { Host = "127.0.0.1", Port = proxy.Port }.Uri)
    {
    }

    /// <summary>Every run of a handler, in order of their starts.</summary>
    public IReadOnlyCollection<(string Worker, Guid Task, int Attempt)> Runs => _runs;

    /// <summary>Starts one, which registers and connects in its own time. Completes with its end.</summary>
    public Task<AgentExit> Start(string id, string pool, int slots = 1)
    {
        var connections = new ConnectionPool(new RabbitMqOptions(_rabbitMq) { WorkersPerGroup = 1 });
        _pools.Add(connections);
        var connection = _connections[id] = new WatchedConnection(new RabbitMqConnection(
            new Agent.ApiClient(_http), connections, TimeProvider.System, NullLogger<RabbitMqConnection>.Instance));
        var handlers = new HandlerSet(new Dictionary<string, HandleTask> { ["hold"] = (context, _) => HoldAsync(id, context) });
        var settings = new AgentSettings(new WorkerRegistration { Id = id, Pool = pool, Slots = slots });
        var life = new AgentWorker(connection, handlers, settings, TimeProvider.System, Random.Shared, NullLogger.Instance).RunAsync(_stop.Token);
        _lives.Add(life);
        return life;
    }

    /// <summary>Those that have consumed from their queues only before, in timestamps of <see cref="TimeProvider"/>.</summary>
    public IEnumerable<string> NotConnectedSince(long timestamp) =>
        _connections.Where(bot => bot.Value.OpenedAt <= timestamp).Select(bot => bot.Key);

    public Task WaitForRunsAsync(int count) => Eventually.Async(
        () => Task.FromResult(_runs.Count), runs => runs >= count, $"{count} tasks run", Patience);

    /// <summary>Lets all tasks of type <c>hold</c> succeed, now and later.</summary>
    public void Release() => _gate.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _stop.CancelAsync();
        await Task.WhenAll(_lives).WaitAsync(Patience);
        foreach (var pool in _pools) pool.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task<object?> HoldAsync(string worker, TaskContext context)
    {
        _runs.Enqueue((worker, context.TaskId, context.Attempt));
        await _gate.Task;
        return worker;
    }
}
