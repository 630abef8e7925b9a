using System.Data.Common;

namespace Broker.Storage;

/// <summary>Rows of PostgreSQL: <c>uuid</c>, <c>timestamptz</c>, <c>interval</c>.</summary>
internal sealed class PostgresRows : RowReader
{
    public static readonly PostgresRows Instance = new();

    public override Guid Id(DbDataReader row, int column) => row.GetGuid(column);

    public override DateTimeOffset Moment(DbDataReader row, int column) => new(row.GetDateTime(column), TimeSpan.Zero);

    public override TimeSpan Length(DbDataReader row, int column) => row.GetFieldValue<TimeSpan>(column);
}
