using Broker.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Bench;

/// <summary>Writes tasks straight into Broker's tables. A task it has done before is the pattern for all that must only be right.</summary>
/// <remarks>The ids are of the layout and the time of real ones, without the tag the API checks: nobody asks it for them.</remarks>
internal static class Fill
{
    /// <summary>What nobody offers until <see cref="BacklogBench"/> starts workers with it.</summary>
    public const string Label = "shelf=b";

    private const int Days = 7;

    /// <summary>From the moment <c>at</c> and the number <c>n</c>.</summary>
    private const string Id = """
        (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '8' || left(md5(n::text), 3) || '8' || right(md5(n::text), 15))::uuid
        """;

    private const string Pattern = "(SELECT * FROM task_history LIMIT 1) AS pattern";

    /// <summary>Queues tasks for workers that have the label, of all priorities but the highest. No scheduler may run.</summary>
    public static Task QueueAsync(BrokerSystem broker, int tasks, CancellationToken cancellationToken) =>
        QueueAsync(broker, tasks, """'{"shelf":"b"}'::json""", cancellationToken);

    /// <summary>Queues tasks for any worker.</summary>
    public static Task QueueForAnybodyAsync(BrokerSystem broker, int tasks, CancellationToken cancellationToken) =>
        QueueAsync(broker, tasks, "NULL::json", cancellationToken);

    /// <summary>Finished tasks and their payloads, spread over the last days.</summary>
    public static async Task FinishAsync(BrokerSystem broker, int tasks, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddPostgresStorage(broker.Postgres).BuildServiceProvider();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await services.GetRequiredService<IPartitionUpkeep>().EnsureAsync(today.AddDays(1 - Days), Days, cancellationToken);

        // Each day in order of time, as it came to be; today's until now.
        var moments = $"""
            SELECT n, least(day, now() - interval '1 minute') + (n % {tasks / Days}) / {tasks / Days}.0 * least(interval '1 day', now() - day) AS at
            FROM generate_series(0, {tasks - 1}) AS n, LATERAL (SELECT date_trunc('day', now(), 'UTC') - (n / {tasks / Days}) * interval '1 day' AS day) AS days
            """;
        await broker.ExecuteAsync($"""
            INSERT INTO task_history (
                id, day, tenant, pool, type, cost, priority, seq, max_attempts, timeout, created_at, state, attempt, failures, losses,
                round, worker, token_epoch, token_number, queued_at, offered_at, started_at, outcome, finished_at)
            SELECT {Id}, (at AT TIME ZONE 'UTC')::date, tenant, pool, type, cost, priority, -n, max_attempts, timeout, at, state, attempt, failures, losses,
                round, worker, 0, n, at, at, at, outcome, at
            FROM ({moments}) AS moments, {Pattern};
            INSERT INTO task_payloads (id, day, payload)
            SELECT {Id}, (at AT TIME ZONE 'UTC')::date, payload FROM ({moments}) AS moments, (SELECT payload FROM task_payloads LIMIT 1) AS pattern;
            """, cancellationToken);
        await broker.ExecuteAsync("VACUUM (ANALYZE) task_history, task_payloads", cancellationToken);
        await broker.ExecuteAsync("CHECKPOINT", cancellationToken);
    }

    private static async Task QueueAsync(BrokerSystem broker, int tasks, string requires, CancellationToken cancellationToken)
    {
        await broker.ExecuteAsync($"""
            BEGIN;
            CREATE TEMPORARY TABLE queued ON COMMIT DROP AS SELECT n, at, {Id} AS id, (at AT TIME ZONE 'UTC')::date AS day
            FROM (SELECT next_seq + n AS n, clock_timestamp() AS at FROM leadership, generate_series(0, {tasks - 1}) AS n) AS moments;
            INSERT INTO tasks (
                id, day, tenant, pool, type, requires, cost, priority, seq, max_attempts, timeout, created_at, state, attempt, failures, losses,
                round, token_epoch, token_number, queued_at)
            SELECT queued.id, queued.day, tenant, pool, type, {requires}, cost, n % 9, n, max_attempts, timeout, at, 'queued', 0, 0, 0,
                1, 0, 0, at
            FROM queued, {Pattern};
            INSERT INTO task_payloads (id, day, payload)
            SELECT id, day, pattern.payload FROM queued, (SELECT payload FROM task_payloads LIMIT 1) AS pattern;
            UPDATE leadership SET next_seq = next_seq + {tasks};
            COMMIT
            """, cancellationToken);
        await broker.ExecuteAsync("VACUUM (ANALYZE) tasks, task_payloads", cancellationToken);
        await broker.ExecuteAsync("CHECKPOINT", cancellationToken);
    }
}
