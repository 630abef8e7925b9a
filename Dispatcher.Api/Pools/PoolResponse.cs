using Broker.Contracts;

namespace Broker.Api;

/// <summary>A pool and all its settings. Lengths of time as <c>10s</c>.</summary>
internal sealed record PoolResponse(
    string Name, ReserveResponse Reserve, HeartbeatSettingsResponse Heartbeat, RetryResponse Retry,
    QuarantineResponse Quarantine, string Timeout)
{
    public static PoolResponse Of(PoolSettings pool) => new(
        pool.Name,
        new ReserveResponse(
            pool.Reserve.Policy, Durations.Format(pool.Reserve.ReviewEvery), pool.Reserve.BacklogAbove,
            Durations.Format(pool.Reserve.WaitAbove), Durations.Format(pool.Reserve.CoolDown), Durations.Format(pool.Reserve.Period)),
        new HeartbeatSettingsResponse(Durations.Format(pool.HeartbeatInterval)),
        new RetryResponse(pool.Retry.MaxAttempts, Durations.Format(pool.Retry.Base), Durations.Format(pool.Retry.Cap)),
        new QuarantineResponse(pool.Quarantine.Policy),
        Durations.Format(pool.Timeout));
}

internal sealed record ReserveResponse(
    string Policy, string ReviewEvery, int BacklogAbove, string WaitAbove, string CoolDown, string Period);

internal sealed record HeartbeatSettingsResponse(string Interval);

internal sealed record RetryResponse(int MaxAttempts, string Base, string Cap);

internal sealed record QuarantineResponse(string Policy);
