using System.Collections.Immutable;
using System.Threading.Channels;
using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>What waits for the next turn. Bounded and separate by kind: a flood of one can't starve or displace another.</summary>
/// <remarks>Beats and routine inventories wake nobody: the next turn takes them along, which is never far, as the lead is renewed by turns.
/// A thousand idle workers would cost a hundred and more commits a second.</remarks>
internal sealed class Inbox(TimeProvider time)
{
    private const int PerTurn = 2_000;

    private readonly Channel<CommandInput> _commands = Channel.CreateBounded<CommandInput>(10_000);
    private readonly Channel<ReturnInput> _returns = Channel.CreateUnbounded<ReturnInput>();     // bounded by the offers out
    private readonly Channel<ReconnectInput> _reconnects = Channel.CreateBounded<ReconnectInput>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Channel<ReportInput> _reports = Channel.CreateBounded<ReportInput>(10_000);
    private readonly Channel<BeatInput> _beats = Channel.CreateBounded<BeatInput>(
        new BoundedChannelOptions(20_000) { FullMode = BoundedChannelFullMode.DropOldest });     // the next one says the same
    private readonly Channel<ReserveReviewInput> _reviews = Channel.CreateBounded<ReserveReviewInput>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Channel<QuarantineInput> _quarantines = Channel.CreateBounded<QuarantineInput>(1_000);
    private readonly Channel<SubmissionInput> _submissions = Channel.CreateBounded<SubmissionInput>(10_000);

    private ImmutableHashSet<string> _deafTo = [];

    private TaskCompletionSource _wake = NewWake();

    /// <summary>Something but submissions waits that is worth a turn of its own.</summary>
    private bool _isUrgent;

    public ValueTask PostAsync(CommandInput input, CancellationToken cancellationToken) => PostAsync(_commands, input, cancellationToken);

    public ValueTask PostAsync(ReportInput input, CancellationToken cancellationToken) => input.Message is InventoryMessage { Routine: true }
        ? _reports.Writer.WriteAsync(input, cancellationToken)
        : PostAsync(_reports, input, cancellationToken);

    public ValueTask PostAsync(QuarantineInput input, CancellationToken cancellationToken) => PostAsync(_quarantines, input, cancellationToken);

    public ValueTask PostAsync(SubmissionInput input, CancellationToken cancellationToken) => PostAsync(_submissions, input, cancellationToken);

    public void Post(ReturnInput input) => Post(_returns, input);

    public void Post(ReconnectInput input) => Post(_reconnects, input);

    public void Post(BeatInput input)
    {
        if (input.Message.Goodbye) Post(_beats, input);
        else _beats.Writer.TryWrite(input);
    }

    public void Post(ReserveReviewInput input) => Post(_reviews, input);

    /// <summary>Nothing comes in any more from the workers of a transport, whatever they send.</summary>
    public void Deafen(string transport) => ImmutableInterlocked.Update(ref _deafTo, deafTo => deafTo.Add(transport));

    /// <summary>It does again.</summary>
    public void Hear(string transport) => ImmutableInterlocked.Update(ref _deafTo, deafTo => deafTo.Remove(transport));

    /// <summary>Takes out the next turn's inputs.</summary>
    /// <param name="roomForTasks">How many more tasks may become active; at zero submissions wait.</param>
    public TurnInputs Take(int roomForTasks)
    {
        var inputs = new TurnInputs { DeafTo = Volatile.Read(ref _deafTo) };
        Interlocked.Exchange(ref _isUrgent, false); // Not to be overtaken by the looks below.
        Drain(_commands, inputs.Commands, PerTurn);
        Drain(_returns, inputs.Returns, PerTurn);
        Drain(_reconnects, inputs.Reconnects, PerTurn);
        Drain(_reports, inputs.Reports, PerTurn);
        Drain(_beats, inputs.Beats, 10 * PerTurn);
        Drain(_reviews, inputs.Reviews, PerTurn);
        Drain(_quarantines, inputs.Quarantines, PerTurn);
        TakeSubmissions(inputs, roomForTasks);
        if (_commands.Reader.Count + _returns.Reader.Count + _reports.Reader.Count + _quarantines.Reader.Count > 0)
            Volatile.Write(ref _isUrgent, true);
        return inputs;
    }

    /// <summary>Returns when something waits that the next turn would take, or after the limit.</summary>
    public async Task WaitAsync(TimeSpan limit, int roomForTasks, CancellationToken cancellationToken)
    {
        // A fresh wake first, then a look: whoever posts after the look wakes this one.
        var wake = NewWake();
        Interlocked.Exchange(ref _wake, wake);
        if (HasAny(roomForTasks) || limit <= TimeSpan.Zero) return;

        // One awaited task, completed by whoever is first: Task.WhenAny and CancelAsync would hop onto the thread pool.
        using var timer = time.CreateTimer(WakeUp, wake, limit, Timeout.InfiniteTimeSpan);
        using var canceled = cancellationToken.UnsafeRegister(WakeUp, wake);
        await wake.Task;
    }

    /// <summary>The leadership is over: what waits goes to whoever leads next, and nothing more comes in.</summary>
    public void Abandon()
    {
        _commands.Writer.TryComplete();
        _reports.Writer.TryComplete();
        _quarantines.Writer.TryComplete();
        _submissions.Writer.TryComplete();
        while (Take(int.MaxValue) is { Count: > 0 } inputs) inputs.Abandon();
    }

    private bool HasAny(int roomForTasks) => Volatile.Read(ref _isUrgent) || (roomForTasks > 0 && _submissions.Reader.Count > 0);

    /// <summary>Submissions get at most half a turn while others wait, so that a flood of new tasks delays no report.</summary>
    private void TakeSubmissions(TurnInputs inputs, int roomForTasks)
    {
        var limit = Math.Min(roomForTasks, inputs.Count > 0 ? PerTurn / 2 : PerTurn);
        for (var tasks = 0; tasks < limit && _submissions.Reader.TryRead(out var input); tasks += input.Message.Tasks.Count)
            inputs.Submissions.Add(input);
    }

    private static void Drain<T>(Channel<T> channel, List<T> into, int limit)
    {
        while (into.Count < limit && channel.Reader.TryRead(out var input)) into.Add(input);
    }

    private async ValueTask PostAsync<T>(Channel<T> channel, T input, CancellationToken cancellationToken)
    {
        await channel.Writer.WriteAsync(input, cancellationToken);
        Wake();
    }

    private void Post<T>(Channel<T> channel, T input)
    {
        channel.Writer.TryWrite(input);
        Wake();
    }

    private void Wake()
    {
        Interlocked.Exchange(ref _isUrgent, true); // Before the look at who waits: a plain write may come after it.
        Volatile.Read(ref _wake).TrySetResult();
    }

    private static void WakeUp(object? wake) => ((TaskCompletionSource)wake!).TrySetResult();

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
