using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

/// <summary>Whatever happens to a task, in whatever order, a few things stay true.</summary>
public sealed class RandomEventsTests
{
    private const int Sequences = 100_000;
    private static readonly string[] Kinds = [WireKind.Started, WireKind.Progress, WireKind.Succeeded, WireKind.Failed, WireKind.Released];
    private static readonly string[] Ends =
        [AttemptOutcome.Lost, AttemptOutcome.Interrupted, AttemptOutcome.Released, AttemptOutcome.Undeliverable];

    /// <summary>Row 28 of the faults.</summary>
    [Fact]
    public void Every_sequence_of_events_keeps_the_invariants()
    {
        var seed = Environment.GetEnvironmentVariable("BROKER_TEST_SEED") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 20_260;
        for (var i = 0; i < Sequences; i++)
        {
            try
            {
                Play(new Random(seed + i));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"With BROKER_TEST_SEED={seed + i}: {exception.Message}", exception);
            }
        }
    }

    private static void Play(Random random)
    {
        var state = NewState();
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var task = Submit(state, now);
        var tokens = new List<FenceToken> { default };
        var steps = new List<TaskTransition>();
        for (var length = random.Next(3, 25); length > 0; length--)
        {
            var turn = new TurnDraft(state, now += TimeSpan.FromSeconds(1));
            Raise(random, turn, task, tokens);
            Check(state, task, turn);
            steps.AddRange(turn.ToCommit().TaskEvents.SelectMany(happened => happened.Transitions));
        }

        // Attempts 1…k without gaps; one terminal step a round.
        var offered = steps.Where(step => step.Event == "offered").Select(step => step.Attempt!.Value).ToList();
        Assert.Equal(Enumerable.Range(1, task.Attempt), offered);
        var rounds = 1;
        var ended = 0;
        foreach (var step in steps)
        {
            if (step.Event == "retried") (rounds, ended) = (rounds + 1, 0);
            var isEnd = TaskState.IsFinished(step.State) && (step.Event is "dead" or "canceled" || step.Outcome == AttemptOutcome.Succeeded);
            if (isEnd) Assert.True(++ended == 1, "Two terminal steps in one round.");
        }
        Assert.Equal(rounds, task.Round);
        Assert.Equal(TaskState.IsFinished(task.State) ? 1 : 0, ended);
    }

    private static SchedulerState NewState()
    {
        var state = new SchedulerState(new Leadership(1, 0, new Counters(1, 1, 1), default)) { Queues = new QueueNames() };
        foreach (var id in new[] { "a", "b" })
        {
            var worker = new Worker(new WorkerRecord { Id = id, Pool = "default", Slots = 1, Session = "s" });
            state.Workers[id] = worker;
            state.Fleet.Change(worker, worker.Record);
        }
        return state;
    }

    private static TaskRecord Submit(SchedulerState state, DateTimeOffset now)
    {
        var task = new TaskRecord
        {
            Id = Guid.NewGuid(),
            Class = new TaskClass("default", "default", "resize", [], 1),
            Priority = 4,
            MaxAttempts = 3,
            Timeout = TimeSpan.FromSeconds(10),
            Seq = state.NextSeq++,
        };
        TaskLifecycle.Raise(new TurnDraft(state, now), task, TaskLifecycle.Machine.Submitted, new Submitted(new TurnDraft(state, now)));
        return task;
    }

    private static void Raise(Random random, TurnDraft turn, TaskRecord task, List<FenceToken> tokens)
    {
        var machine = TaskLifecycle.Machine;
        var happens = random.Next(10);
        if (happens <= 2 && task.State == TaskState.Queued)
        {
            var token = new FenceToken(1, turn.State.NextOffer++);
            tokens.Add(token);
            TaskLifecycle.Raise(turn, task, machine.Placed, new Placed(turn, turn.State.Workers[random.Next(2) == 0 ? "a" : "b"], token, 2));
            return;
        }

        switch (happens)
        {
            case 3: TaskLifecycle.Raise(turn, task, machine.AttemptEnded, new AttemptEnded(turn, Ends[random.Next(Ends.Length)], "test")); break;
            case 4: TaskLifecycle.Raise(turn, task, machine.AttemptTimedOut, new AttemptTimedOut(turn)); break;
            case 5: TaskLifecycle.Raise(turn, task, machine.RetryElapsed, new RetryElapsed(turn)); break;
            case 6: Ask(random, turn, task); break;
            case 7: TaskLifecycle.Raise(turn, task, machine.CancelGraceElapsed, new CancelGraceElapsed(turn)); break;
            default: Report(random, turn, task, tokens); break;
        }
    }

    private static void Ask(Random random, TurnDraft turn, TaskRecord task)
    {
        var machine = TaskLifecycle.Machine;
        if (random.Next(3) == 0) TaskLifecycle.Raise(turn, task, machine.CancelRequested, new CancelRequested(turn, null, null));
        else TaskLifecycle.Raise(turn, task, machine.RetryRequested, new RetryRequested(turn, null, null));
    }

    private static void Report(Random random, TurnDraft turn, TaskRecord task, List<FenceToken> tokens)
    {
        var attempt = random.Next(4) == 0 ? random.Next(tokens.Count) : tokens.Count - 1;
        var report = new Report
        {
            Task = task.Id,
            Attempt = attempt,
            Token = tokens[attempt].ToString(),
            Retryable = random.Next(5) == 0 ? false : null,
        };
        var by = random.Next(10) == 0 ? "liar" : task.Worker ?? "a";
        var machine = TaskLifecycle.Machine;
        var token = tokens[attempt];
        switch (Kinds[random.Next(Kinds.Length)])
        {
            case WireKind.Started: TaskLifecycle.Raise(turn, task, machine.StartReported, new StartReported(turn, report, token, by)); break;
            case WireKind.Progress: TaskLifecycle.Raise(turn, task, machine.ProgressReported, new ProgressReported(turn, report, token, by)); break;
            case WireKind.Succeeded: TaskLifecycle.Raise(turn, task, machine.SuccessReported, new SuccessReported(turn, report, token, by)); break;
            case WireKind.Failed: TaskLifecycle.Raise(turn, task, machine.FailureReported, new FailureReported(turn, report, token, by)); break;
            default: TaskLifecycle.Raise(turn, task, machine.ReleaseReported, new ReleaseReported(turn, report, token, by)); break;
        }
    }

    private static void Check(SchedulerState state, TaskRecord task, TurnDraft turn)
    {
        var isHeld = task.State is TaskState.Offered or TaskState.Running or TaskState.Canceling;
        Assert.Equal(!TaskState.IsFinished(task.State), state.Tasks.ContainsKey(task.Id));
        Assert.Equal(task.State == TaskState.Queued ? 1 : 0, state.Backlog.Count);
        Assert.Equal(task.State == TaskState.Queued ? 1 : 0, (int)state.Backlog.CountByPriority[4]);
        if (task.State == TaskState.Queued) Assert.Same(task, Assert.Single(state.Backlog.Lines).Head);
        Assert.Equal(isHeld ? 1 : 0, state.Workers.Values.Sum(worker => worker.SlotsUsed));
        if (isHeld) Assert.True(state.Workers[task.Worker!].Held.ContainsKey(task.Id));
        Assert.Equal(isHeld, task.Outcome is null && task.Attempt > 0);
        Assert.Equal(task.State == TaskState.Retrying, task.RetryAt is not null);
        Assert.True(task.Failures <= task.MaxAttempts && task.Losses <= RetryPolicy.LossLimit, "Counted beyond a limit.");
        Assert.Equal(TaskState.IsFinished(task.State) ? 0 : 1, state.Classes.Sum(tally => tally.Total));
        Assert.True(turn.Finished.Count() <= 1);
    }
}
