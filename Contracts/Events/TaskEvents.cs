namespace Broker.Contracts;

/// <summary>A worker was chosen for a task.</summary>
/// <remarks>All domain events are published by Dispatcher.Scheduler after the commit, at least once, those of one task or worker in
/// commit order; <c>Seq</c> grows over all of them.</remarks>
public sealed record TaskOffered(long Seq, DateTimeOffset At, Guid Task, int Attempt, string Worker, double Load, int Eligible);

/// <summary>A worker began an attempt.</summary>
public sealed record TaskStarted(long Seq, DateTimeOffset At, Guid Task, int Attempt, string Worker);

/// <summary>The task ended well.</summary>
public sealed record TaskSucceeded(long Seq, DateTimeOffset At, Guid Task, int Attempt, string Worker);

/// <summary>An attempt ended otherwise; <paramref name="Outcome"/> is one of <see cref="AttemptOutcome"/>.</summary>
public sealed record AttemptFailed(long Seq, DateTimeOffset At, Guid Task, int Attempt, string? Worker, string Outcome, string? Code);

/// <summary>The task was given up.</summary>
public sealed record TaskDead(long Seq, DateTimeOffset At, Guid Task, string Code);

/// <summary>The task was canceled.</summary>
public sealed record TaskCanceled(long Seq, DateTimeOffset At, Guid Task);
