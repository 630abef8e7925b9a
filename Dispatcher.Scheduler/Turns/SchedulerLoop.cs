using System.Text.Json;
using Broker.Contracts;
using Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Scheduler;

/// <summary>The leader: one loop of turns. Takes inputs, decides, commits, sends, settles; nothing overtakes a commit.</summary>
/// <remarks>See <c>Turns/README.md</c> for what each failure does. Everything here runs on one logical thread over
/// <see cref="TimeProvider"/>, so that the simulation can repeat it exactly.</remarks>
internal sealed partial class SchedulerLoop(
    ISchedulerStore store, Inbox inbox, IWorkerWire wire, SchedulerOptions options, TimeProvider time, ILogger<SchedulerLoop> logger)
{
    /// <summary>Where the last committed turn stopped counting.</summary>
    private (long Turn, Counters Counters) _committed;

    /// <summary>A pause of ours that nobody else is to pay for.</summary>
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(5);

    /// <summary>Leads until the token is canceled, or throws: then what is in memory is worthless.</summary>
    /// <param name="clock">Started when the leadership was taken.</param>
    public async Task LeadAsync(Leadership leadership, LeaderClock clock, CancellationToken cancellationToken)
    {
        var loaded = await Patiently(() => store.LoadAsync(leadership.Epoch, cancellationToken), cancellationToken);
        var state = Takeover.StateOf(leadership, loaded, options);
        var first = new TurnDraft(state, clock.Now);
        Takeover.Begin(first, options.Embedded);
        state = await FinishTurnAsync(state, first, new TurnInputs(), cancellationToken);
        Log.Leads(logger, leadership.Epoch, state.Tasks.Count, state.Workers.Count);

        var waiters = state.Waiters;
        try
        {
            await TakeTurnsAsync(state, clock, cancellationToken);
        }
        finally
        {
            foreach (var waiter in waiters.All().ToList()) waiter.Reply.Abandon();
        }
    }

    private async Task TakeTurnsAsync(SchedulerState state, LeaderClock clock, CancellationToken cancellationToken)
    {
        var lastTurnAt = clock.Now;
        var hasMore = true;
        while (!cancellationToken.IsCancellationRequested)
        {
            var room = options.MaxActiveTasks - state.Tasks.Count;
            if (!hasMore) await inbox.WaitAsync(TimeToWait(state, clock.Now, lastTurnAt), room, cancellationToken);
            if (cancellationToken.IsCancellationRequested) break;

            var inputs = inbox.Take(room);
            if (clock.Now - lastTurnAt > StallLimit) Takeover.Forgive(state, clock.Now);
            (state, hasMore) = await TurnAsync(state, inputs, clock, cancellationToken);
            lastTurnAt = clock.Now;
        }
    }

    private TimeSpan TimeToWait(SchedulerState state, DateTimeOffset now, DateTimeOffset lastTurnAt)
    {
        var renewAt = lastTurnAt + options.RenewEvery;
        var next = state.Deadlines.Next is { } due && due < renewAt ? due : renewAt;
        return next > now ? next - now : TimeSpan.Zero;
    }

    private async Task<(SchedulerState State, bool HasMore)> TurnAsync(
        SchedulerState state, TurnInputs inputs, LeaderClock clock, CancellationToken cancellationToken)
    {
        // The moment the inputs were taken: what arrives while the database is asked must not count as silence.
        var now = clock.Now;
        try
        {
            inputs.Finished = await FindFinishedAsync(state, inputs, cancellationToken);
            var turn = Decide(() => Turn.Decide(state, inputs, now));
            return (await FinishTurnAsync(state, turn, inputs, cancellationToken), turn.HasMore);
        }
        catch (ValueRefusedException refused)
        {
            state = await ReloadAsync(state, clock.Now, cancellationToken);
            return (await IsolateAsync(state, inputs, refused, clock, cancellationToken), true);
        }
        catch
        {
            inputs.Abandon();
            throw;
        }
    }

    /// <summary>An input that breaks the turn is a bug of ours; set aside like a value the database refuses, it stops nobody else.</summary>
    private static T Decide<T>(Func<T> decide)
    {
        try
        {
            return decide();
        }
        catch (Exception exception)
        {
            throw new ValueRefusedException($"The turn can't be decided: {exception.Message}", exception);
        }
    }

    /// <summary>Commits the turn, then lets everybody know.</summary>
    private async Task<SchedulerState> FinishTurnAsync(
        SchedulerState state, TurnDraft turn, TurnInputs inputs, CancellationToken cancellationToken)
    {
        AddStatistics(state, turn);
        var commit = turn.ToCommit();
        var receipt = await Patiently(() => CommitAsync(commit, cancellationToken), cancellationToken);
        _committed = (commit.Turn, commit.Counters);
        inputs.Settle();
        Outgoing.Send(turn, receipt, wire);
        return state;
    }

    private async ValueTask<TurnReceipt> CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        try
        {
            // Not called off by a stop: it is short, and bounded, and nobody would know what became of it.
            return await store.CommitAsync(commit, CancellationToken.None);
        }
        catch (CommitUnknownException unknown)
        {
            Log.CommitUnknown(logger, commit.Turn, unknown);
            var turn = await Patiently(() => store.ReadTurnAsync(commit.Epoch, cancellationToken), cancellationToken);
            if (turn != commit.Turn) throw new StaleEpochException($"Turn {commit.Turn} was lost on its way; memory is discarded.");

            var payloads = await Patiently(() => store.LoadPayloadsAsync(commit.PayloadsWanted, cancellationToken), cancellationToken);
            return new TurnReceipt(default, payloads);
        }
    }

    private async ValueTask<IReadOnlyDictionary<Guid, HistoryEntry>> FindFinishedAsync(
        SchedulerState state, TurnInputs inputs, CancellationToken cancellationToken)
    {
        var unknown = Decide(() => inputs.NamedTasks().Where(id => !state.Tasks.ContainsKey(id) && state.Finished.MayContain(id)).ToHashSet());
        return unknown.Count == 0
            ? inputs.Finished
            : await Patiently(() => store.FindFinishedAsync(unknown, cancellationToken), cancellationToken);
    }

    /// <summary>Memory as the last commit left it. Clients that wait and signs of life are carried over.</summary>
    private async Task<SchedulerState> ReloadAsync(SchedulerState before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var loaded = await Patiently(() => store.LoadAsync(before.Epoch, cancellationToken), cancellationToken);
        var state = Takeover.StateOf(new Leadership(before.Epoch, _committed.Turn, _committed.Counters, before.TookOverAt), loaded, options);
        state.Adopt(before);
        var turn = new TurnDraft(state, now);
        Takeover.Begin(turn, embedded: false);
        return await FinishTurnAsync(state, turn, new TurnInputs(), cancellationToken);
    }

    /// <summary>A value among the inputs can't be stored: halves them until the culprit is alone, and sets it aside.</summary>
    private async Task<SchedulerState> IsolateAsync(
        SchedulerState state, TurnInputs inputs, ValueRefusedException refused, LeaderClock clock, CancellationToken cancellationToken)
    {
        if (inputs.Count == 0) throw new StaleEpochException($"The database refuses a turn without inputs: {refused.Message}");
        if (inputs.Count == 1)
        {
            Log.Refused(logger, refused.Message, refused);
            return (await TurnAsync(state, inputs.SetAside(clock.Now, refused.Message), clock, cancellationToken)).State;
        }

        foreach (var half in inputs.Halves())
            (state, _) = await TurnAsync(state, half, clock, cancellationToken);
        return state;
    }

    /// <summary>Holds on through trouble of the database that wrote nothing; whoever waits, waits.</summary>
    private async ValueTask<T> Patiently<T>(Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException unavailable) when (unavailable is not StoreDamagedException)
            {
                if (failures == 0) Log.Unavailable(logger, unavailable.Message, unavailable);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(1_000, 50 << Math.Min(failures, 5))), time, cancellationToken);
            }
        }
    }

    private static void AddStatistics(SchedulerState state, TurnDraft turn)
    {
        if (state.Statistics.SnapshotIfDue(state, turn.Now) is { } snapshot)
            turn.Stats = JsonSerializer.SerializeToUtf8Bytes(snapshot, StatsJson.Default.StatsSnapshot);
        turn.Totals = state.Statistics.Changed;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2001, Level = LogLevel.Information,
            Message = "Leading under epoch {Epoch} with {TaskCount} active tasks and {WorkerCount} workers.")]
        public static partial void Leads(ILogger logger, int epoch, int taskCount, int workerCount);

        [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Nobody answered the commit of turn {Turn}; asking what became of it.")]
        public static partial void CommitUnknown(ILogger logger, long turn, Exception exception);

        [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "The database refuses a value: {Reason} The message is in quarantine.")]
        public static partial void Refused(ILogger logger, string reason, Exception exception);

        [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "The database is away; holding on. {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason, Exception exception);
    }
}
