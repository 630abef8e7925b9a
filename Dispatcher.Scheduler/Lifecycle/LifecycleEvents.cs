using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Something that happens to one task in a turn.</summary>
internal abstract class LifecycleEvent(TurnDraft turn)
{
    public TurnDraft Turn => turn;
}

/// <summary>It was handed in and is recorded for the first time.</summary>
internal sealed class Submitted(TurnDraft turn) : LifecycleEvent(turn);

/// <summary>Placement chose a worker.</summary>
internal sealed class Placed(TurnDraft turn, Worker worker, FenceToken token, int eligible) : LifecycleEvent(turn)
{
    public Worker Worker => worker;
    public FenceToken Token => token;
    public int Eligible => eligible;
}

/// <summary>A worker reports on an attempt.</summary>
internal abstract class AttemptNews(TurnDraft turn, Report report, FenceToken token, string by) : LifecycleEvent(turn)
{
    public Report Report => report;
    public string By => by;

    /// <summary>Whether it speaks of the latest attempt; anything else is superseded and changes nothing.</summary>
    public bool IsOfLatest(TaskRecord task) => task.Attempt == report.Attempt && task.Token == token && task.Worker == by;

    /// <summary>Whether it tells nothing new of an attempt that ended so; null for one that lives.</summary>
    public abstract bool Repeats(string? outcome);
}

internal sealed class StartReported(TurnDraft turn, Report report, FenceToken token, string by) : AttemptNews(turn, report, token, by)
{
    public override bool Repeats(string? outcome) => true;
}

internal sealed class ProgressReported(TurnDraft turn, Report report, FenceToken token, string by) : AttemptNews(turn, report, token, by)
{
    public override bool Repeats(string? outcome) => true;
}

internal sealed class SuccessReported(TurnDraft turn, Report report, FenceToken token, string by) : AttemptNews(turn, report, token, by)
{
    public override bool Repeats(string? outcome) => outcome == AttemptOutcome.Succeeded;
}

internal sealed class FailureReported(TurnDraft turn, Report report, FenceToken token, string by) : AttemptNews(turn, report, token, by)
{
    public override bool Repeats(string? outcome) => outcome == AttemptOutcome.Failed;
}

/// <summary>The worker gives the attempt back; also its answer when it was told to stop.</summary>
internal sealed class ReleaseReported(TurnDraft turn, Report report, FenceToken token, string by) : AttemptNews(turn, report, token, by)
{
    public override bool Repeats(string? outcome) => outcome is not (null or AttemptOutcome.Succeeded or AttemptOutcome.Failed);
}

/// <summary>The scheduler ends the live attempt: its worker is lost, restarted, drained or never got it.</summary>
internal sealed class AttemptEnded(TurnDraft turn, string outcome, string reason) : LifecycleEvent(turn)
{
    /// <summary><c>lost</c>, <c>interrupted</c>, <c>released</c> or <c>undeliverable</c>.</summary>
    public string Outcome => outcome;
    public string Reason => reason;
}

/// <summary>The live attempt ran longer than it may.</summary>
internal sealed class AttemptTimedOut(TurnDraft turn) : LifecycleEvent(turn);

/// <summary>A person or producer wants it stopped.</summary>
internal sealed class CancelRequested(TurnDraft turn, string? by, string? reason) : LifecycleEvent(turn)
{
    public string? By => by;
    public string? Reason => reason;
}

/// <summary>The worker had its time to answer a cancel.</summary>
internal sealed class CancelGraceElapsed(TurnDraft turn) : LifecycleEvent(turn);

/// <summary>The back-off is over.</summary>
internal sealed class RetryElapsed(TurnDraft turn) : LifecycleEvent(turn);

/// <summary>A person gives a dead task a new round.</summary>
internal sealed class RetryRequested(TurnDraft turn, string? by, string? reason) : LifecycleEvent(turn)
{
    public string? By => by;
    public string? Reason => reason;
}
