using Spectre.Console;
using Spectre.Console.Rendering;

namespace Broker.Cli;

/// <summary>Pools for people.</summary>
internal static class PoolTables
{
    public static IRenderable One(PoolInfo pool) => Columns.Fields()
        .Field("name", pool.Name)
        .Field("policy", pool.Reserve.Policy)
        .Field("review every", pool.Reserve.ReviewEvery)
        .Field("backlog above", Cells.Of(pool.Reserve.BacklogAbove))
        .Field("wait above", pool.Reserve.WaitAbove)
        .Field("cool down", pool.Reserve.CoolDown)
        .Field("period", pool.Reserve.Period)
        .Field("heartbeat interval", pool.Heartbeat.Interval)
        .Field("max attempts", Cells.Of(pool.Retry.MaxAttempts))
        .Field("retry base", pool.Retry.Base)
        .Field("retry cap", pool.Retry.Cap)
        .Field("quarantine", pool.Quarantine.Policy)
        .Field("timeout", pool.Timeout);

    public static IRenderable Many(Page<PoolInfo> page)
    {
        var table = Columns.List("NAME", "RESERVE", "BEAT", "ATTEMPTS", "BACK-OFF", "TIMEOUT");
        foreach (var pool in page.Items)
            table.AddRow(
                Cells.Of(pool.Name), Cells.Of(pool.Reserve.Policy), Cells.Of(pool.Heartbeat.Interval),
                Cells.Of(pool.Retry.MaxAttempts), Cells.Of($"{pool.Retry.Base} to {pool.Retry.Cap}"), Cells.Of(pool.Timeout));
        return table;
    }
}
