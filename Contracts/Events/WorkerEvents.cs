namespace Broker.Contracts;

/// <summary>A worker fell silent and its attempts ended.</summary>
public sealed record WorkerLost(long Seq, DateTimeOffset At, string Worker, string Pool, string Reason);

/// <summary>A reserve worker came into use.</summary>
public sealed record ReserveActivated(long Seq, DateTimeOffset At, string Worker, string Pool, string Reason);

/// <summary>A reserve worker left use.</summary>
public sealed record ReserveDeactivated(long Seq, DateTimeOffset At, string Worker, string Pool, string Reason);
