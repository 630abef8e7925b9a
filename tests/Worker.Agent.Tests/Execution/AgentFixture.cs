using System.Collections.Concurrent;
using System.Text;
using Broker.Contracts;
using Broker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Agent.Tests;

/// <summary>One worker against a broker in memory, with time that stands until the test moves it.</summary>
internal sealed class AgentFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _offers;

    private AgentFixture() => Clock = new WrongClock(Time);

    /// <summary>Ends attempts of type <c>gate</c>, by task.</summary>
    public ConcurrentDictionary<Guid, TaskCompletionSource<object?>> Gates { get; } = new();

    /// <summary>Tasks of which a handler of type <c>gate</c> or <c>stubborn</c> was begun.</summary>
    public ConcurrentQueue<Guid> Begun { get; } = new();

    public MemoryBroker Broker { get; } = new();
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>What the worker takes for the time.</summary>
    public WrongClock Clock { get; }

    public Task<AgentExit> Exit { get; private set; } = null!;

    /// <param name="more">One more handler.</param>
    public static async Task<AgentFixture> StartAsync(
        int slots = 2, Action<MemoryBroker>? prepare = null, Func<AgentFixture, (string Type, HandleTask Handle)>? more = null)
    {
        var agent = new AgentFixture();
        prepare?.Invoke(agent.Broker);
        var settings = new AgentSettings(new WorkerRegistration { Id = "bot", Slots = slots });
        agent.Exit = new AgentWorker(agent.Broker, agent.Handlers(more?.Invoke(agent)), settings, agent.Clock, new Random(1), NullLogger.Instance)
            .RunAsync(agent._stop.Token);
        if (prepare is null) await agent.Broker.NextAsync<InventoryMessage>();
        return agent;
    }

    public Task<AgentExit> ExitAsync() => Exit.WaitAsync(TimeSpan.FromSeconds(20));

    public void Stop() => _stop.Cancel();

    public Offer Offer(string type, string? payload = null, int attempt = 1, int cost = 1, Guid? task = null, string? session = null, int epoch = 1) => new()
    {
        Task = task ?? Guid.NewGuid(),
        Type = type,
        Priority = 4,
        Pool = "default",
        Attempt = attempt,
        Token = $"1-{_offers + 1}",
        Session = session ?? Broker.Session,
        Epoch = epoch,
        Number = ++_offers,
        Cost = cost,
        Timeout = "1m",
        Payload = payload is null ? default : new RawJson(Encoding.UTF8.GetBytes(payload)),
    };

    public Offer Give(Offer offer)
    {
        Gates.TryAdd(offer.Task, new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously));
        Broker.Tell(new OfferMessage { Offers = [offer] });
        return offer;
    }

    public void Open(Offer offer, object? result = null) => Gates[offer.Task].TrySetResult(result);

    /// <summary>Gives a task whose start is under way, as are all later ones, until <paramref name="confirm"/> completes.</summary>
    public async Task<Offer> GiveWithStartUnderWayAsync(TaskCompletionSource confirm)
    {
        var underWay = new TaskCompletionSource();
        Broker.OnSend = message =>
        {
            if (message is not ReportMessage { Kind: WireKind.Started }) return Task.CompletedTask;
            underWay.TrySetResult();
            return confirm.Task;
        };
        var offer = Give(Offer("gate"));
        await MoveUntilAsync(underWay.Task, TimeSpan.FromMilliseconds(10));
        return offer;
    }

    /// <summary>The next report of a start, once it has waited for the end.</summary>
    public async Task<ReportMessage> NextStartAsync(Guid? task = null)
    {
        var start = Broker.NextAsync<ReportMessage>(message =>
            message.Kind == WireKind.Started && (task is null || message.Reports.Any(report => report.Task == task)));
        await MoveUntilAsync(start, TimeSpan.FromMilliseconds(10));
        return await start;
    }

    /// <summary>Moves time in small steps, as timers start only when what came before them has run, until the work is done.</summary>
    public async Task MoveUntilAsync(Task done, TimeSpan step)
    {
        for (var i = 0; i < 2_000 && !done.IsCompleted; i++)
        {
            Time.Advance(step);
            await Task.WhenAny(done, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        }
        await done.WaitAsync(TimeSpan.FromSeconds(1));
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        foreach (var gate in Gates.Values) gate.TrySetResult(null);
        await MoveUntilAsync(Exit, TimeSpan.FromSeconds(1));
        _stop.Dispose();
    }

    private HandlerSet Handlers((string Type, HandleTask Handle)? more)
    {
        var handlers = new Dictionary<string, HandleTask>
        {
            ["echo"] = (context, _) => Task.FromResult<object?>(context.Payload),
            ["gate"] = (context, cancellationToken) => Pass(context).WaitAsync(cancellationToken),
            ["stubborn"] = (context, _) => Pass(context),
            ["progress"] = async (context, cancellationToken) =>
            {
                for (var percent = 0; percent < 50; percent++) await context.ReportProgressAsync(percent, "step\0");
                return await Gates[context.TaskId].Task.WaitAsync(cancellationToken);
            },
            ["fail"] = (context, _) => throw new TaskFailedException("no-disk", "full", retryable: false, TimeSpan.FromSeconds(90)),
            ["throw"] = (context, _) => throw new InvalidOperationException(new string('x', 20_000)),
            ["large"] = (context, _) => Task.FromResult<object?>(new string('x', Limits.PayloadBytes)),
            ["broken"] = (context, _) => Task.FromResult<object?>(new RawJson("{\"a\":"u8.ToArray())),
        };
        if (more is { } one) handlers.Add(one.Type, one.Handle);
        return new HandlerSet(handlers);
    }

    private Task<object?> Pass(TaskContext context)
    {
        Begun.Enqueue(context.TaskId);
        return Gates[context.TaskId].Task;
    }
}
