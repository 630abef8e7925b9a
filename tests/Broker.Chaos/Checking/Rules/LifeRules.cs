namespace Broker.Chaos;

/// <summary>Follows each task step by step: S2 conservation, S3 one end a round, S4 recorded once, S5 one lease, S6 fencing,
/// S15 limits. Each step is blamed for the first rule it breaks, and then believed.</summary>
internal sealed class LifeRules(World world)
{
    private long _seq;

    /// <summary>Any step but an offer.</summary>
    public void Step(ReplayedTask task, RecordedStep step, DateTimeOffset at, long seq)
    {
        _seq = seq;
        if (step.Event is "superseded" or "idempotency-conflict")
        {
            Expect(step.State == task.State, "S2", $"a note says it is {step.State}", task);
            return;
        }
        if (task.State.Length == 0 && step.Event != "submitted") Blame("S2", $"has '{step.Event}' but was never recorded", task);
        else if (task.IsDone && step.Event != "retried") Blame("S3", $"has '{step.Event}' after its end", task);
        else Judge(task, step);
        Apply(task, step, at);
    }

    /// <summary>An offer, in the order of the decisions.</summary>
    public void Offer(ReplayedTask task, RecordedStep step, DateTimeOffset at, long seq)
    {
        _seq = seq;
        if (task.IsLive) Blame("S5", $"was offered to {step.Worker} while {task.Worker} has it", task);
        else if (task.IsCancelAsked) Blame("S15", $"was offered to {step.Worker} after it was to be canceled", task);
        else if (task.IsDone) Blame("S3", $"was offered to {step.Worker} after its end", task);
        else if (task.Failures >= task.Row?.MaxAttempts || task.Losses >= world.Options.LossLimit)
            Blame("S15", $"was offered after {task.Failures} failures of {task.Row?.MaxAttempts} and {task.Losses} losses", task);
        else if (task.State != "queued") Blame("S2", "was offered though it was not queued", task);
        else Expect(step.Attempt == task.Attempt + 1, "S6", $"got attempt {step.Attempt} after {task.Attempt}", task);

        (task.State, task.IsLive, task.IsDone, task.Outcome, task.OfferedAt, task.StartedAt) = (step.State, true, false, null, at, null);
        (task.Attempt, task.Worker, task.Offer) = (step.Attempt ?? 0, step.Worker, step.Offer ?? 0);
        world.Offers.TryAdd(task.Offer, new CommittedOffer(task.Offer, task, task.Attempt, task.Worker, seq));
    }

    private void Judge(ReplayedTask task, RecordedStep step)
    {
        switch (step.Event)
        {
            case "submitted": Expect(task.State.Length == 0, "S4", "was recorded twice", task); break;
            case "started" or "progress": JudgeNews(task, step); break;
            case "attempt-ended": JudgeEnd(task, step); break;
            case "retry-due": Expect(task.State == "retrying", "S2", "was due for a retry it did not wait for", task); break;
            case "cancel-requested": Expect(task.IsLive, "S2", "was to be stopped although nobody has it", task); break;
            case "canceled" or "succeeded": Expect(!task.IsLive, "S5", $"ended as {step.State} while {task.Worker} has it", task); break;
            case "dead": JudgeDeath(task, step); break;
            case "retried": Expect(task.State == "dead", "S3", "was given a new round although it is not dead", task); break;
            default: Blame("S2", $"has an unknown step '{step.Event}'", task); break;
        }
    }

    private void JudgeNews(ReplayedTask task, RecordedStep step)
    {
        var isLatest = step.Attempt == task.Attempt && step.Worker == task.Worker && step.By == task.Worker;
        Expect(task.IsLive && isLatest, "S6", $"took '{step.Event}' of attempt {step.Attempt} by {step.By}", task);
    }

    private void JudgeEnd(ReplayedTask task, RecordedStep step)
    {
        var isReport = step.Outcome is "succeeded" or "failed";
        var isGivenUp = task.Outcome is "lost" or "interrupted" or "undeliverable"
            || (task.Outcome == "timed-out" && step.Outcome == "succeeded");

        if (step.Attempt != task.Attempt || step.Worker != task.Worker || (isReport && step.By != task.Worker))
            Blame("S6", $"took the end '{step.Outcome}' of attempt {step.Attempt} on {step.Worker} by {step.By}", task);
        else if (!task.IsLive && !(isReport && isGivenUp))
            Blame("S6", $"took the end '{step.Outcome}' of attempt {step.Attempt}, which had ended as {task.Outcome}", task);
        else
            Expect(FollowsFrom(step), "S2", $"is {step.State} after '{step.Outcome}'", task);
    }

    private static bool FollowsFrom(RecordedStep end) => end.Outcome switch
    {
        "succeeded" => end.State == "succeeded",
        "failed" or "timed-out" => end.State is "retrying" or "dead" or "canceling",
        "canceled" => end.State == "canceling",
        _ => end.State is "queued" or "canceling",
    };

    private void JudgeDeath(ReplayedTask task, RecordedStep step)
    {
        if (task.IsLive) Blame("S5", $"died while {task.Worker} has it", task);
        else if (task.Failures > task.Row?.MaxAttempts) Blame("S15", $"died after {task.Failures} failures of {task.Row?.MaxAttempts}", task);
        else
            Expect(task.Row is null || task.Failures >= task.Row.MaxAttempts || task.Losses >= world.Options.LossLimit || WasRefused(task), "S15",
                $"died ({step.Reason}) after {task.Failures} failures of {task.Row?.MaxAttempts} and {task.Losses} losses", task);
    }

    /// <summary>The worker may have said that another attempt is no use; one that died after its report can't be asked.</summary>
    private bool WasRefused(ReplayedTask task)
    {
        var ends = world.Executions.EndsOf(task.Offer);
        return task.Outcome == "failed" && (ends.Count == 0 || ends.Any(line => line.Detail?.Contains(HistoryLine.NotRetryable, StringComparison.Ordinal) == true));
    }

    private void Apply(ReplayedTask task, RecordedStep step, DateTimeOffset at)
    {
        switch (step.Event)
        {
            case "started": task.StartedAt = at; break;
            case "attempt-ended": End(task, step); break;
            case "cancel-requested": (task.IsCancelAsked, task.CancelAskedAt) = (true, at); break;
            case "canceled": task.IsCancelAsked = true; break;
            case "retried": (task.Round, task.Failures, task.Losses, task.IsDone) = (task.Round + 1, 0, 0, false); break;
        }
        task.State = step.State;
        if (step.Event is not ("canceled" or "dead" or "succeeded") && step.Outcome != "succeeded") return;

        task.IsDone = true;
        task.Ends.Add(step.State);
    }

    private void End(ReplayedTask task, RecordedStep step)
    {
        if (task is { IsLive: true, Row: { } row } && world.WorkerOf(task) is { } worker) worker.Used -= row.Cost;
        (task.IsLive, task.Outcome) = (false, step.Outcome);
        if (step.Outcome is "failed" or "timed-out" && step.State != "canceling") task.Failures++;
        if (step.Outcome == "lost") task.Losses++;
        if (world.Offers.TryGetValue(task.Offer, out var offer)) offer.Outcome = step.Outcome;
    }

    private void Expect(bool holds, string invariant, string what, ReplayedTask task)
    {
        if (!holds) Blame(invariant, what, task);
    }

    private void Blame(string invariant, string what, ReplayedTask task) =>
        world.Findings.Add(invariant, $"{task} {what}", task.Id, task.Worker, _seq);
}
