using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>What the leader counts for operators. Readers get it from a snapshot written each second, never from a scan.</summary>
internal sealed class Statistics
{
    private readonly DurationHistogram _waits = new();
    private readonly DurationHistogram _runs = new();
    private readonly Rate _in = new();
    private readonly Rate _out = new();
    private DateTimeOffset? _snapshotAt;

    /// <summary>Totals since the shard was made.</summary>
    public CounterSnapshot Totals { get; set; } = new();

    private CounterSnapshot _totalsBefore = new();

    /// <summary>What this turn changed of the totals, to be written with it; null if nothing.</summary>
    public CounterSnapshot? Changed => ReferenceEquals(Totals, _totalsBefore) ? null : Totals;

    /// <summary>A turn begins to count.</summary>
    public void BeginTurn() => _totalsBefore = Totals;

    /// <summary>The turn was discarded: what it counted is counted again.</summary>
    public void ForgetTurn() => Totals = _totalsBefore;

    public void CountSubmitted() => Totals = Totals with { Submitted = Totals.Submitted + 1 };

    /// <param name="wait">From being queued to the start.</param>
    public void CountStarted(TimeSpan wait)
    {
        Totals = Totals with { Attempts = Totals.Attempts + 1 };
        _waits.Add(wait);
    }

    /// <param name="flow">Of the task's pool; null if there is no such pool.</param>
    public void CountFinished(FinishedTask finished, PoolFlow? flow)
    {
        var task = finished.Task;
        Totals = task.State switch
        {
            TaskState.Succeeded => Totals with { Succeeded = Totals.Succeeded + 1 },
            TaskState.Dead => Totals with { Dead = Totals.Dead + 1 },
            _ => Totals with { Canceled = Totals.Canceled + 1 },
        };
        if (task.StartedAt is not { } started || task.State == TaskState.Canceled) return;

        _runs.Add(finished.FinishedAt - started);
        flow?.CountRun(finished.FinishedAt - started, task.Class.Cost);
    }

    /// <summary>The statistics once a second; null in between.</summary>
    public StatsSnapshot? SnapshotIfDue(SchedulerState state, DateTimeOffset now)
    {
        if (_snapshotAt is { } last && now - last < TimeSpan.FromSeconds(1)) return null;

        Totals = Totals with { Turns = state.Turn };
        _in.Update(Totals.Submitted, now);
        _out.Update(Totals.Succeeded + Totals.Dead + Totals.Canceled, now);
        _snapshotAt = now;
        return StatsView.Of(state, now, _in.PerSecond, _out.PerSecond,
            _waits.Percentiles(now, 0.5, 0.95, 0.99), _runs.Percentiles(now, 0.5, 0.95, 0.99));
    }

    /// <summary>Change a second of a total, averaged over about ten seconds.</summary>
    private sealed class Rate
    {
        private long _total;
        private DateTimeOffset? _at;

        public double PerSecond { get; private set; }

        public void Update(long total, DateTimeOffset now)
        {
            if (_at is { } before && now > before)
            {
                var passed = (now - before).TotalSeconds;
                var weight = 1 - Math.Exp(-passed / 10);
                PerSecond += weight * ((total - _total) / passed - PerSecond);
            }
            _total = total;
            _at = now;
        }
    }
}
