using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage;

/// <summary>Finds ids in the history: one indexed probe for an id that carries its time, one per partition for a keyed one.</summary>
internal static class HistoryProbe
{
    private static readonly string ByDay = EmbeddedSql.Read("Postgres/reads/history_by_day.sql");
    private static readonly string Keyed = EmbeddedSql.Read("Postgres/reads/history_keyed.sql");

    public static void Add(NpgsqlBatch batch, IReadOnlyCollection<Guid> ids)
    {
        var (timed, days, keyed) = Split(ids);
        if (timed.Length > 0)
            batch.Statement(ByDay).Ids(timed).With(days, NpgsqlDbType.Array | NpgsqlDbType.Date);
        if (keyed.Length > 0)
            batch.Statement(Keyed).Ids(keyed);
    }

    public static (Guid[] Timed, DateOnly[] Days, Guid[] Keyed) Split(IReadOnlyCollection<Guid> ids)
    {
        var byDay = ids.ToLookup(id => TaskDay.Of(id) is not null);
        Guid[] timed = [.. byDay[true]];
        return (timed, Array.ConvertAll(timed, id => TaskDay.Of(id)!.Value), [.. byDay[false]]);
    }
}
