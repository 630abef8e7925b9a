using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;

namespace Broker.Chaos;

/// <summary>Follows leadership and task events in the database, past all links, so that faults know what they hit and when
/// it was repaired.</summary>
internal sealed class ClusterWatch(string postgres) : IAsyncDisposable
{
    /// <summary>The precision of every recovery time.</summary>
    public static readonly TimeSpan Precision = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan EventsEvery = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create($"{postgres};Timeout=3;Command Timeout=5;Maximum Pool Size=8");
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Guid, SeenTask> _active = new();
    private readonly ConcurrentDictionary<Guid, string> _finished = new();
    private Task _running = Task.CompletedTask;
    private long _lastSeq;

    public SeenLeadership Leadership { get; private set; } = new(0, 0, "", 0);

    /// <summary>Tasks that finished, those of before an outage of the watch included.</summary>
    public int Finished => _finished.Count;

    /// <summary>Unfinished tasks that were recorded.</summary>
    public int Active => _active.Count;

    public bool IsFinished(Guid task) => _finished.ContainsKey(task);

    public NpgsqlDataSource Database => _source;

    public void Start() => _running = Task.WhenAll(
        RepeatAsync(Precision, ReadLeadershipAsync), RepeatAsync(EventsEvery, ReadEventsAsync));

    /// <summary>What the worker has now: offered to it or running there.</summary>
    public List<HeldAttempt> HeldBy(string worker) =>
        [.. _active.Where(task => task.Value.Worker == worker && task.Value.State is "offered" or "running")
            .Select(task => new HeldAttempt(task.Key, task.Value.Attempt))];

    /// <summary>Whether the attempt is over: its task finished, or a later attempt of it started.</summary>
    public bool IsOver(HeldAttempt held) =>
        !_active.TryGetValue(held.Task, out var task) || (task.Attempt > held.Attempt && task.State == "running");

    /// <summary>Time from a moment until the condition held; null if it did not within the limit.</summary>
    /// <param name="since">A timestamp of <see cref="TimeProvider.System"/>.</param>
    public static async Task<TimeSpan?> UntilAsync(Func<bool> condition, long since, TimeSpan limit)
    {
        while (TimeProvider.System.GetElapsedTime(since) < limit)
        {
            if (condition()) return TimeProvider.System.GetElapsedTime(since);
            await Task.Delay(Precision / 2, TimeProvider.System);
        }
        return null;
    }

    /// <summary>False while the database is away.</summary>
    public async Task<bool> IsOnlineAsync(string worker)
    {
        await using var command = _source.CreateCommand("SELECT count(*) FROM workers WHERE id = $1 AND liveness = 'online'");
        command.Parameters.Add(new() { Value = worker });
        return await command.ExecuteScalarAsync() is > 0L;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _source.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RepeatAsync(TimeSpan every, Func<CancellationToken, Task> read)
    {
        using var timer = new PeriodicTimer(every, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await read(_stopping.Token);
                }
                catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
                {
                    // The database is away, as it is meant to be now and then.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task ReadLeadershipAsync(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(
            "SELECT epoch, turn, split_part(holder, ':', 2), backend_pid FROM leadership WHERE shard = 0");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (await row.ReadAsync(cancellationToken))
            Leadership = new SeenLeadership(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3));
    }

    private async Task ReadEventsAsync(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand("SELECT seq, task_id, transitions::text FROM task_events WHERE seq > $1 ORDER BY seq");
        command.Parameters.Add(new() { Value = _lastSeq });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            using var steps = JsonDocument.Parse(row.GetString(2));
            foreach (var step in steps.RootElement.EnumerateArray()) Apply(row.GetGuid(1), step);
            _lastSeq = row.GetInt64(0);
        }
    }

    private void Apply(Guid task, JsonElement step)
    {
        var state = step.GetProperty("state").GetString()!;
        if (state is "succeeded" or "dead" or "canceled")
        {
            _active.TryRemove(task, out _);
            _finished[task] = state;
            return;
        }
        var before = _active.GetValueOrDefault(task);
        // A superseded report names an attempt that is not the latest.
        var attempt = Math.Max(before?.Attempt ?? 0, step.TryGetProperty("attempt", out var number) ? number.GetInt32() : 0);
        var worker = step.GetProperty("event").GetString() == "offered" ? step.GetProperty("worker").GetString() : before?.Worker;
        _active[task] = new SeenTask(state, attempt, worker);
    }
}
