using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>Follows each task step by step: S3 one end a round, S5 one lease, S6 fencing, S7 origin of results, S15 limits, S16 timers.</summary>
/// <remarks>Written from the design alone; shares nothing with the state machine it watches.</remarks>
internal sealed class TransitionRules(World world)
{
    private static readonly TimeSpan OfferLease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(30);
    private const int LossLimit = 3;

    public void Step(CheckedTask task, TaskTransition step, DateTimeOffset at)
    {
        var isNote = step.Event is "superseded" or "idempotency-conflict";
        if (task.IsDone && !isNote && step.Event != "retried")
            Fail("S3", $"'{step.Event}' after the end of {task}", task);

        switch (step.Event)
        {
            case "submitted": Expect(task.State.Length == 0, "S4", "was submitted again", task); break;
            case "started": Start(task, step, at); break;
            case "progress": ExpectLatest(task, step); break;
            case "attempt-ended": End(task, step, at); break;
            case "retry-due": Expect(task.State == TaskState.Retrying && !(at < task.RetryAt), "S16", $"was retried before {task.RetryAt:T}", task); break;
            case "cancel-requested": task.CancelRequestedAt = at; break;
            case "canceled": Finish(task); break;
            case "dead": Dead(task, step); break;
            case "retried": Retry(task); break;
            default: Expect(isNote, "S2", $"had an unknown step '{step.Event}'", task); return;
        }
        if (!isNote) task.State = step.State;
    }

    /// <summary>An offer, in the order of the decisions.</summary>
    public void Offer(CheckedTask task, TaskTransition step, int epoch, DateTimeOffset at, FenceToken token)
    {
        Expect(!task.IsLive, "S5", "was offered while a lease lives", task);
        Expect(task.State == TaskState.Queued, "S15", $"was offered when {task.State}", task);
        Expect(step.Attempt == task.Attempt + 1, "S6", $"got attempt {step.Attempt} after {task.Attempt}", task);
        Expect(token.Number == step.Offer && token.Number > task.Token.Number && token.Epoch == epoch, "S6",
            $"got token {token} after {task.Token} under epoch {epoch}", task);
        Expect(task.Failures < task.MaxAttempts && task.Losses < LossLimit, "S15",
            $"was offered after {task.Failures} failures of {task.MaxAttempts} and {task.Losses} losses", task);

        (task.State, task.IsLive, task.Outcome, task.StartedAt) = (TaskState.Offered, true, null, null);
        (task.Attempt, task.Worker, task.Token, task.OfferedAt) = (task.Attempt + 1, step.Worker, token, at);
    }

    private void Start(CheckedTask task, TaskTransition step, DateTimeOffset at)
    {
        ExpectLatest(task, step);
        task.StartedAt = at;
    }

    private void End(CheckedTask task, TaskTransition step, DateTimeOffset at)
    {
        var isReport = step.Outcome is AttemptOutcome.Succeeded or AttemptOutcome.Failed;
        Expect(step.Attempt == task.Attempt && step.Worker == task.Worker, "S6",
            $"ended attempt {step.Attempt} of {step.Worker}, not its latest", task);
        var wasGivenUp = task.Outcome is AttemptOutcome.Lost or AttemptOutcome.Interrupted or AttemptOutcome.Undeliverable
            || (task.Outcome == AttemptOutcome.TimedOut && step.Outcome == AttemptOutcome.Succeeded);
        Expect(task.IsLive || (isReport && wasGivenUp), "S6", $"ended as {step.Outcome} after it had ended as {task.Outcome}", task);
        if (step.By != "scheduler") ExpectProduced(task, step);
        if (step.Reason == "not-in-inventory") ExpectUnlisted(task);
        CheckTimers(task, step, at);

        if (task.IsLive && world.WorkerOf(task) is { } worker) worker.Used -= task.Class.Cost;
        // The row tells the time of a retry; one that is due in the same turn never stands in a row.
        (task.IsLive, task.Outcome, task.RetryAt) = (false, step.Outcome, null);
        if (step.Outcome is AttemptOutcome.TimedOut || (step.Outcome == AttemptOutcome.Failed && step.State != TaskState.Canceling))
            task.Failures++;
        if (step.Outcome == AttemptOutcome.Lost) task.Losses++;
        if (step.Outcome == AttemptOutcome.Succeeded) Finish(task);
        if (task.Failures > task.MaxAttempts) Fail("S15", $"failed {task.Failures} times of {task.MaxAttempts}", task);
    }

    /// <summary>What a worker is said to have reported, it must have logged.</summary>
    private void ExpectProduced(CheckedTask task, TaskTransition step)
    {
        var wanted = step.Outcome switch
        {
            AttemptOutcome.Succeeded => WireKind.Succeeded,
            AttemptOutcome.Failed => WireKind.Failed,
            _ => WireKind.Released,
        };
        var produced = world.Produced.GetValueOrDefault((task.Token.ToString(), task.Worker ?? ""));
        Expect(step.By == task.Worker && produced?.Exists(report => report.Kind == wanted) == true, "S6",
            $"ended as {step.Outcome} by {step.By}, whose log has no such report", task);
    }

    /// <summary>Only a worker that took the offer, or a later one, can miss it.</summary>
    private void ExpectUnlisted(CheckedTask task)
    {
        var session = world.Leases.GetValueOrDefault(task.Token.Number)?.Session ?? "";
        var said = world.Inventories.GetValueOrDefault((task.Worker ?? "", session));
        var attempt = new HeldAttempt(task.Id, task.Attempt);
        Expect(said?.Exists(inventory => inventory.LastOffer >= task.Token.Number && !inventory.Attempts.Contains(attempt)) == true, "I1",
            $"ended as missing, but {task.Worker} never said that it took the offer and does not hold it", task);
    }

    /// <summary>Nothing may expire before its time, counted from the later of its begin and the takeover.</summary>
    private void CheckTimers(CheckedTask task, TaskTransition step, DateTimeOffset at)
    {
        var (begin, length) = (step.Outcome, step.Reason) switch
        {
            (AttemptOutcome.Undeliverable, "not-started") => (Later(task.OfferedAt, world.TookOverAt), OfferLease),
            (AttemptOutcome.Canceled, "no-answer") => (Later(task.CancelRequestedAt, world.TookOverAt), CancelGrace),
            (AttemptOutcome.TimedOut, _) when step.By == "scheduler" => (task.StartedAt ?? at, task.Timeout),
            _ => (at, TimeSpan.Zero),
        };
        Expect(at >= begin + length, "S16", $"ended as {step.Outcome} at {at:T}, before {begin + length:T}", task);
    }

    private void Dead(CheckedTask task, TaskTransition step)
    {
        var isRefused = world.Produced.GetValueOrDefault((task.Token.ToString(), task.Worker ?? ""))?.Exists(x => x.Kind == WireKind.Failed) == true;
        Expect(task.Failures >= task.MaxAttempts || task.Losses >= LossLimit || isRefused, "S15",
            $"died ({step.Reason}) after {task.Failures} failures of {task.MaxAttempts} and {task.Losses} losses", task);
        Finish(task);
    }

    private void Finish(CheckedTask task)
    {
        Expect(!task.IsLive, "S5", "finished while a lease lives", task);
        task.IsDone = true;
    }

    private void Retry(CheckedTask task)
    {
        Expect(task.IsDone && task.State == TaskState.Dead, "S3", "was given a new round", task);
        task.IsDone = false;
        (task.Round, task.Failures, task.Losses) = (task.Round + 1, 0, 0);
    }

    private void ExpectLatest(CheckedTask task, TaskTransition step) =>
        Expect(task.IsLive && step.Attempt == task.Attempt && step.Worker == task.Worker && step.By == task.Worker, "S6",
            $"took '{step.Event}' of attempt {step.Attempt} by {step.By}", task);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private void Expect(bool holds, string rule, string what, CheckedTask task)
    {
        if (!holds) Fail(rule, $"{task} {what}", task);
    }

    private void Fail(string rule, string what, CheckedTask task) => world.Report(rule, what, task.Id, task.Worker);
}
