using System.Data.Common;

namespace Broker.Storage;

/// <summary>Rows of SQLite: ids as big-endian bytes, which sort as PostgreSQL sorts them; moments and lengths as ticks.</summary>
internal sealed class SqliteRows : RowReader
{
    public static readonly SqliteRows Instance = new();

    public override Guid Id(DbDataReader row, int column) => new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    public override DateTimeOffset Moment(DbDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public override TimeSpan Length(DbDataReader row, int column) => TimeSpan.FromTicks(row.GetInt64(column));

    public static object? Value(object? value) => value switch
    {
        Guid id => id.ToByteArray(bigEndian: true),
        DateTimeOffset moment => moment.UtcTicks,
        TimeSpan length => length.Ticks,
        DateOnly day => day.DayNumber,
        _ => value,
    };
}
