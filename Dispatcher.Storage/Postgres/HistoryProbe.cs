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
        var byDay = ids.ToLookup(id => TaskDay.Of(id) is not null);
        Guid[] timed = [.. byDay[true]];
        Guid[] keyed = [.. byDay[false]];
        if (timed.Length > 0)
            batch.Statement(ByDay).Ids(timed).With(Array.ConvertAll(timed, id => TaskDay.Of(id)!.Value), NpgsqlDbType.Array | NpgsqlDbType.Date);
        if (keyed.Length > 0)
            batch.Statement(Keyed).Ids(keyed);
    }

    /// <summary>The days to look at; null: all, as one of the ids is keyed.</summary>
    public static DateOnly[]? DaysOf(IReadOnlyCollection<Guid> ids)
    {
        var days = ids.Select(id => TaskDay.Of(id)).Distinct().ToList();
        return days.Contains(null) ? null : [.. days.Select(day => day!.Value)];
    }
}
