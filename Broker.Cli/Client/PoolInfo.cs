namespace Broker.Cli;

/// <summary>A pool's settings as the API shows them; lengths of time as text.</summary>
internal sealed record PoolInfo(
    string Name, ReserveInfo Reserve, HeartbeatInfo Heartbeat, RetryInfo Retry, QuarantineInfo Quarantine, string Timeout);

internal sealed record ReserveInfo(
    string Policy, string ReviewEvery, int BacklogAbove, string WaitAbove, string CoolDown, string Period);

internal sealed record HeartbeatInfo(string Interval);

internal sealed record RetryInfo(int MaxAttempts, string Base, string Cap);

internal sealed record QuarantineInfo(string Policy);
