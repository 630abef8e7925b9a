namespace Broker.Chaos;

/// <summary>S16: nothing expires before its time. How much later it may is for the figures of recovery, not for a rule:
/// it depends on who was away meanwhile.</summary>
internal sealed class TimerRules(World world)
{
    /// <summary>The database keeps microseconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    /// <summary>Must be told of a step before it is applied.</summary>
    public void Step(ReplayedTask task, RecordedStep step, Commit commit, long seq)
    {
        if (step.Event is "started" or "progress" or "attempt-ended" && step.By == task.Worker && task.IsLive)
            world.WorkerOf(task)?.HearReport(commit.At);
        if (step.Event != "attempt-ended") return;

        var (begin, length) = (step.Outcome, step.Reason) switch
        {
            ("undeliverable", "not-started") => (task.OfferedAt, world.Options.OfferLease),
            ("canceled", "no-answer") => (task.CancelAskedAt, world.Options.CancelGrace),
            ("timed-out", _) when task.Row?.Timeout is { } seconds => (task.StartedAt, TimeSpan.FromSeconds(seconds)),
            _ => ((DateTimeOffset?)null, TimeSpan.Zero),
        };
        if (commit.At < begin + length - Rounding)
            world.Findings.Add("S16", $"{task} ended as {step.Outcome} {Seconds(commit.At - begin)} after it began to count, not {Seconds(length)}", task.Id, task.Worker, seq);
        if (step.Outcome == "lost" && !commit.FleetEvents.Any(happened => happened.Kind == "lost" && happened.Worker == step.Worker))
            world.Findings.Add("S16", $"{task} was given up as lost, but {step.Worker} was not lost", task.Id, step.Worker, seq);
    }

    /// <summary>Must be told of a fleet event before it is applied, but after the steps of its turn.</summary>
    public void Happened(ReplayedWorker worker, RecordedFleetEvent happened)
    {
        if (happened.Kind != "lost" || happened.Reason?.StartsWith("silent", StringComparison.Ordinal) != true) return;

        var silence = happened.At - worker.HeardAt;
        if (silence < world.Options.LostAfter - Rounding)
            world.Findings.Add("S16", $"{worker.Id} was lost {Seconds(silence)} after it was heard of, not {Seconds(world.Options.LostAfter)}", null, worker.Id, happened.Seq);
    }

    private static string Seconds(TimeSpan? time) => FormattableString.Invariant($"{time?.TotalSeconds:0.###} s");
}
