using System.Threading.Channels;
using Broker.Contracts;

namespace Broker.Agent.Tests;

/// <summary>The scheduler's side of the port, in the hands of a test; its sessions have no queue, as over HTTP.</summary>
internal sealed class MemoryBroker : IBrokerConnection
{
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(10);

    private readonly Channel<object> _sent = Channel.CreateUnbounded<object>();
    private int _sessions;

    public List<WorkerRegistration> Registrations { get; } = [];
    public Func<Exception?> OnRegister { get; set; } = () => null;
    public Func<Exception?> OnConnect { get; set; } = () => null;

    /// <summary>Asked before a report or inventory counts as safe: an exception means that it does not.</summary>
    public Func<object, Task> OnSend { get; set; } = _ => Task.CompletedTask;

    public MemoryLink Link { get; private set; } = null!;
    public bool SaidGoodbye { get; private set; }
    public string Session => $"s{_sessions}";

    public Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        if (OnRegister() is { } failure) return Task.FromException<WorkerRegistered>(failure);

        Registrations.Add(registration);
        _sessions++;
        return Task.FromResult(new WorkerRegistered
        {
            Worker = registration.Id ?? "w-made-up",
            Session = Session,
            BeatInterval = BeatInterval,
        });
    }

    public Task<IWorkerLink> ConnectAsync(WorkerRegistered session, CancellationToken cancellationToken)
    {
        if (OnConnect() is { } failure) return Task.FromException<IWorkerLink>(failure);

        Link = new MemoryLink(this);
        return Task.FromResult<IWorkerLink>(Link);
    }

    public void Tell(object message) => Link.Queue.Writer.TryWrite(message);

    /// <summary>The next message the worker sends that satisfies; others are passed over.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? satisfies = null) where T : class
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var passed = new List<object>();
        try
        {
            while (true)
            {
                var message = await _sent.Reader.ReadAsync(deadline.Token);
                if (message is T wanted && (satisfies is null || satisfies(wanted))) return wanted;
                passed.Add(message);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No {typeof(T).Name} as wanted came. Seen: {string.Join(", ", passed)}");
        }
    }

    public async Task<Report> NextReportAsync(string kind, Guid? task = null)
    {
        var message = await NextAsync<ReportMessage>(message =>
            message.Kind == kind && (task is null || message.Reports.Any(report => report.Task == task)));
        return message.Reports.First(report => task is null || report.Task == task);
    }

    internal sealed class MemoryLink(MemoryBroker broker) : IWorkerLink
    {
        public Channel<object> Queue { get; } = Channel.CreateUnbounded<object>();
        public ChannelReader<object> Incoming => Queue.Reader;

        public async Task SendAsync(object message, CancellationToken cancellationToken)
        {
            await broker.OnSend(message);
            broker._sent.Writer.TryWrite(message);
        }

        public Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken)
        {
            broker.SaidGoodbye |= beat.Goodbye;
            broker._sent.Writer.TryWrite(beat);
            return Task.CompletedTask;
        }

        public void Break() => Queue.Writer.TryComplete();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
