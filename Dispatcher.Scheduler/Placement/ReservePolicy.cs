using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>What a pool looks like when its reserve is reviewed.</summary>
/// <param name="Backlog">Tasks that wait.</param>
/// <param name="OldestWait">How long the oldest has waited; zero without a backlog.</param>
/// <param name="ActiveSlots">Slots of usable active workers.</param>
/// <param name="ReserveSlots">Slots of all usable reserve workers, activated or not.</param>
/// <param name="Activated">Reserve workers the policy has activated.</param>
/// <param name="ActivatedByHand">Reserve workers a person has activated.</param>
/// <param name="IdleActivated">Of those the policy activated, how many hold nothing.</param>
/// <param name="Available">Reserve workers that could be activated.</param>
/// <param name="ArrivalsPerSecond">Over the period.</param>
/// <param name="SlotSecondsPerTask">Cost × run time, averaged over the period; zero if nothing ran.</param>
/// <param name="SinceChange">Since the policy last changed something.</param>
/// <param name="SinceQuiet">How long the pool has been quiet; null if it is not.</param>
/// <param name="SinceTakeover">Since this leader took over.</param>
internal sealed record PoolView(
    int Backlog, TimeSpan OldestWait, int ActiveSlots, int ReserveSlots, int Activated, int ActivatedByHand, int IdleActivated, int Available,
    double ArrivalsPerSecond, double SlotSecondsPerTask, TimeSpan SinceChange, TimeSpan? SinceQuiet, TimeSpan SinceTakeover);

/// <summary>How many reserve workers more (positive) or less (negative), and why.</summary>
internal readonly record struct ReserveChange(int Count, string Reason)
{
    public static readonly ReserveChange None = new(0, "");
}

/// <summary>Decides whether reserve workers come in or leave. Pure.</summary>
/// <remarks>
/// <c>gradual</c>: one more or less per review; calm, slow on a burst. <c>target</c>: the size at once from arrival rate and
/// run time (Little's law); fast, needs steady run times. Both leave a worker in use for a cool-down after the pool went quiet
/// and after the last change, so that a reserve does not flap.
/// </remarks>
internal static class ReservePolicy
{
    /// <summary>A worker leaves only if the rest could bear a fifth more than now; between the two nothing changes.</summary>
    private const double Headroom = 1.2;

    public static ReserveChange Review(PoolView pool, ReserveSettings settings) => settings.Policy switch
    {
        ReservePolicyName.Gradual => Gradual(pool, settings),
        ReservePolicyName.Target => Target(pool, settings),
        _ => ReserveChange.None,
    };

    private static ReserveChange Gradual(PoolView pool, ReserveSettings settings)
    {
        var crowded = pool.Backlog > settings.BacklogAbove;
        var late = pool.OldestWait > settings.WaitAbove;
        if ((crowded || late) && pool.Available > 0)
            return new ReserveChange(1, crowded
                ? $"{pool.Backlog} tasks wait, more than {settings.BacklogAbove}"
                : $"a task waits {Durations.Format(Whole(pool.OldestWait))}, longer than {Durations.Format(settings.WaitAbove)}");

        var calm = pool.SinceQuiet >= settings.CoolDown && pool.SinceChange >= settings.CoolDown;
        return calm && pool.IdleActivated > 0
            ? new ReserveChange(-1, $"quiet for {Durations.Format(Whole(pool.SinceQuiet!.Value))}")
            : ReserveChange.None;
    }

    private static ReserveChange Target(PoolView pool, ReserveSettings settings)
    {
        var slotsPerWorker = Math.Max(1.0, (double)pool.ReserveSlots / Math.Max(1, pool.Available + pool.Activated + pool.ActivatedByHand));

        // Slots in use on average (Little's law), and enough besides to clear the backlog within one period.
        var backlogShare = pool.Backlog * pool.SlotSecondsPerTask / settings.Period.TotalSeconds;
        var slots = pool.ArrivalsPerSecond * pool.SlotSecondsPerTask + backlogShare;
        var standing = pool.ActiveSlots + pool.ActivatedByHand * slotsPerWorker;
        var wanted = Workers(slots);

        // Nothing has run yet, so nothing can be computed; a backlog says that the active workers don't do.
        if (pool.SlotSecondsPerTask == 0 && pool.Backlog > settings.BacklogAbove)
            wanted = (int)Math.Ceiling((pool.Backlog - settings.BacklogAbove) / slotsPerWorker);

        if (wanted > pool.Activated && pool.Backlog > 0 && pool.Available > 0)
            return new ReserveChange(Math.Min(wanted - pool.Activated, pool.Available),
                FormattableString.Invariant($"{slots:0.#} slots wanted, {pool.ActiveSlots} active, {pool.Backlog} tasks wait"));

        var calm = pool.SinceQuiet >= settings.CoolDown && pool.SinceChange >= settings.CoolDown && pool.SinceTakeover >= settings.Period;
        var kept = Workers(slots * Headroom);
        return calm && kept < pool.Activated && pool.IdleActivated > 0
            ? new ReserveChange(-Math.Min(pool.Activated - kept, pool.IdleActivated),
                FormattableString.Invariant($"{slots:0.#} slots wanted, {pool.ActiveSlots} active, nothing waits"))
            : ReserveChange.None;

        int Workers(double wantedSlots) => (int)Math.Ceiling(Math.Max(0, wantedSlots - standing) / slotsPerWorker);
    }

    private static TimeSpan Whole(TimeSpan length) => TimeSpan.FromSeconds(Math.Floor(length.TotalSeconds));
}
