using System.Collections.Concurrent;
using System.Threading.Channels;
using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>The embedded twin of RabbitMQ: API, scheduler and workers of one process meet here.</summary>
/// <remarks>Nothing is stored: what was not settled when the process dies was not confirmed to anybody.</remarks>
internal sealed class InProcessHub : IInputSource, IWorkerWire
{
    /// <summary>Messages that wait for a worker at most; offers are bounded by its slots, words are few.</summary>
    private const int QueueLimit = 10_000;

    private readonly ConcurrentDictionary<string, Channel<object>> _queues = new();
    private volatile TaskCompletionSource<Inbox> _attached = NewAttached();

    /// <summary>Whether a leader takes inputs.</summary>
    public bool IsAttached => _attached.Task.IsCompletedSuccessfully;

    /// <summary>Completes when a leader takes inputs.</summary>
    public Task AttachedAsync(CancellationToken cancellationToken) => InboxAsync(cancellationToken);

    public ValueTask<IAsyncDisposable> AttachAsync(Inbox inbox, CancellationToken cancellationToken)
    {
        _attached.TrySetResult(inbox);
        return new ValueTask<IAsyncDisposable>(new Attached(this));
    }

    /// <summary>Completes when the tasks are committed.</summary>
    public async Task SubmitAsync(TaskSubmitted message, CancellationToken cancellationToken)
    {
        var held = new HeldDelivery();
        await (await InboxAsync(cancellationToken)).PostAsync(new SubmissionInput(message, held), cancellationToken);
        await held.Settled.WaitAsync(cancellationToken);
    }

    /// <summary>The committed answer: the reply that belongs to the command, or a <see cref="CommandRefused"/>.</summary>
    public async Task<object> AskAsync(object command, CancellationToken cancellationToken)
    {
        var reply = new HeldReply();
        await (await InboxAsync(cancellationToken)).PostAsync(new CommandInput(command, reply), cancellationToken);
        return await reply.Answered.WaitAsync(cancellationToken);
    }

    /// <summary>A report or an inventory; completes when it is committed.</summary>
    public async Task ReportAsync(object message, CancellationToken cancellationToken)
    {
        var held = new HeldDelivery();
        // Its reports wait behind it, so a routine inventory is not to wait for a turn.
        if (message is InventoryMessage inventory) message = inventory with { Routine = false };
        await (await InboxAsync(cancellationToken)).PostAsync(new ReportInput(message, held), cancellationToken);
        await held.Settled.WaitAsync(cancellationToken);
    }

    public async Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken) =>
        (await InboxAsync(cancellationToken)).Post(new BeatInput(beat));

    /// <summary>The worker's own queue.</summary>
    public ChannelReader<object> QueueOf(string worker) => Stand(worker).Reader;

    public void Declare(string worker, Action<bool> done)
    {
        Stand(worker);
        done(true);
    }

    public void Send(WorkerMessage message)
    {
        if (_queues.TryGetValue(message.Worker, out var queue) && queue.Writer.TryWrite(message.Body)) return;
        if (_attached.Task is { IsCompletedSuccessfully: true, Result: var inbox }) inbox.Post(new ReturnInput(message.Worker, message.Attempts));
    }

    private Channel<object> Stand(string worker) => _queues.GetOrAdd(worker, static _ => Channel.CreateBounded<object>(QueueLimit));

    private Task<Inbox> InboxAsync(CancellationToken cancellationToken) => _attached.Task.WaitAsync(cancellationToken);

    private static TaskCompletionSource<Inbox> NewAttached() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Attached(InProcessHub hub) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            hub._attached = NewAttached();
            return ValueTask.CompletedTask;
        }
    }
}
