using System.Data.Common;
using System.Text.Json;
using Broker.Contracts;

namespace Broker.Storage;

/// <summary>Reads rows whose columns stand in one agreed order; the databases differ only in how they keep ids and times.</summary>
internal abstract class RowReader
{
    /// <summary>Columns of a task, as every statement here selects them.</summary>
    public const string TaskColumns = """
        id, tenant, pool, type, requires, cost, priority, seq, max_attempts, timeout, body_hash, created_at, state,
        attempt, failures, losses, round, worker, token_epoch, token_number, queued_at, offered_at, started_at, retry_at,
        outcome
        """;

    /// <summary>Where the columns after <see cref="TaskColumns"/> begin.</summary>
    public const int AfterTask = 25;

    public abstract Guid Id(DbDataReader row, int column);
    public abstract DateTimeOffset Moment(DbDataReader row, int column);
    public abstract TimeSpan Length(DbDataReader row, int column);

    public TaskRecord Task(DbDataReader row, TaskClasses classes) => new()
    {
        Id = Id(row, 0),
        Class = classes.Get(row.GetString(1), row.GetString(2), row.GetString(3), Text(row, 4), row.GetInt32(5)),
        Priority = (byte)row.GetInt16(6),
        Seq = row.GetInt64(7),
        MaxAttempts = row.GetInt16(8),
        Timeout = Length(row, 9),
        BodyHash = row.IsDBNull(10) ? null : row.GetInt64(10),
        CreatedAt = Moment(row, 11),
        State = classes.Name(row.GetString(12)),
        Attempt = row.GetInt32(13),
        Failures = row.GetInt16(14),
        Losses = row.GetInt16(15),
        Round = row.GetInt16(16),
        Worker = row.IsDBNull(17) ? null : classes.Name(row.GetString(17)),
        Token = new FenceToken(row.GetInt32(18), row.GetInt64(19)),
        QueuedAt = Moment(row, 20),
        OfferedAt = MomentOrNull(row, 21),
        StartedAt = MomentOrNull(row, 22),
        RetryAt = MomentOrNull(row, 23),
        Outcome = row.IsDBNull(24) ? null : classes.Name(row.GetString(24)),
    };

    /// <summary>A task, then when it finished, error code and message, payload, result; nulls where there is nothing.</summary>
    public TaskView View(DbDataReader row, TaskClasses classes) => new(
        Task(row, classes), MomentOrNull(row, AfterTask), Bytes(row, AfterTask + 3), Bytes(row, AfterTask + 4),
        Text(row, AfterTask + 1) is { } code ? new TaskError(code, Text(row, AfterTask + 2) ?? "") : null);

    /// <summary>seq, at, transitions.</summary>
    public TaskEventRecord Event(DbDataReader row, Guid task) => new(row.GetInt64(0), task, Moment(row, 1),
        JsonSerializer.Deserialize(row.GetString(2), StorageJson.Default.IReadOnlyListTaskTransition)!);

    public DateTimeOffset? MomentOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : Moment(row, column);

    public static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[]? Bytes(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
