using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage;

/// <summary>Typed positional parameters: one array per column, for <c>unnest</c>.</summary>
internal static class PostgresParameters
{
    public static NpgsqlBatchCommand Statement(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return command;
    }

    /// <summary>One column of the rows.</summary>
    public static NpgsqlBatchCommand Column<TRow, T>(
        this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, NpgsqlDbType type, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return command.With(column, NpgsqlDbType.Array | type);
    }

    public static NpgsqlBatchCommand Ids(this NpgsqlBatchCommand command, IReadOnlyCollection<Guid> ids) =>
        command.With<Guid[]>([.. ids], NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    public static NpgsqlBatchCommand Texts<TRow>(
        this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, string?> value) =>
        command.Column(rows, NpgsqlDbType.Text, value);

    public static NpgsqlBatchCommand Moments<TRow>(
        this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, DateTimeOffset> value) =>
        command.Column(rows, NpgsqlDbType.TimestampTz, row => value(row).UtcDateTime);

    public static NpgsqlBatchCommand OptionalMoments<TRow>(
        this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, DateTimeOffset?> value) =>
        command.Column(rows, NpgsqlDbType.TimestampTz, row => value(row)?.UtcDateTime);
}
