namespace Broker.Contracts;

/// <summary>A worker fell silent and its attempts ended.</summary>
public sealed record WorkerLost(long Seq, DateTimeOffset At, string Worker, string Pool, string Reason);

/// <summary>A reserve worker came into use.</summary>
public sealed record ReserveActivated(long Seq, DateTimeOffset At, string Worker, string Pool, string Reason);

/// <summary>A reserve worker left use.</summary>
public sealed record ReserveDeactivated(long Seq, DateTimeOffset At, string Worker, string Pool, string Reason);

/// <summary>A worker failed what others do well; it gets nothing new until somebody lets it in again.</summary>
public sealed record WorkerQuarantined(long Seq, DateTimeOffset At, string Worker, string Pool, string Reason);
