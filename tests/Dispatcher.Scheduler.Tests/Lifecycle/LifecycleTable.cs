using System.Text;
using Broker.Contracts;
using Broker.Storage;
using MassTransit;

namespace Broker.Scheduler.Tests;

/// <summary>The state machine as a table, found out by raising every event in every state.</summary>
internal static class LifecycleTable
{
    private const string Begin = "<!-- table: written by a test, see TaskStateMachineTests -->";
    private const string End = "<!-- /table -->";

    public static IEnumerable<State> States(TaskStateMachine machine) => machine.States.Where(state => state.Name != "Final");

    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Broker.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No Broker.sln above " + AppContext.BaseDirectory);
        return folder.FullName;
    }

    public static string Put(string page, string table)
    {
        var from = page.IndexOf(Begin, StringComparison.Ordinal);
        var to = page.IndexOf(End, StringComparison.Ordinal);
        return from < 0 || to < from ? $"{page}{Begin}\n{table}{End}\n" : $"{page[..from]}{Begin}\n{table}{page[to..]}";
    }

    public static string Render(TaskStateMachine machine)
    {
        var states = States(machine).Where(state => state.Name != "Initial").ToList();
        var table = new StringBuilder();
        table.Append("| event |").AppendJoin("", states.Select(state => $" {state.Name.ToLowerInvariant()} |")).Append('\n');
        table.Append("|---|").AppendJoin("", states.Select(_ => "---|")).Append('\n');
        foreach (var (name, raise) in Events(machine).OrderBy(row => row.Name, StringComparer.Ordinal))
        {
            table.Append($"| {name} |");
            foreach (var state in states) table.Append($" {Answer(machine, state, name, raise)} |");
            table.Append('\n');
        }
        return table.ToString();
    }

    private static string Answer(TaskStateMachine machine, State state, string name, Action<SchedulerBench, TurnDraft, TaskRecord> raise)
    {
        if (!machine.NextEvents(state).Any(@event => @event.Name == name)) return "**gap**";

        var ends = Situations(state.Name).Select(situation => Outcome(state, situation, raise)).Distinct().ToList();
        return string.Join(" or ", ends.Count > 1 ? ends.Where(end => end != "·") : ends);
    }

    private static string Outcome(
        State state, Func<(SchedulerBench Bench, TaskRecord Task)> situation, Action<SchedulerBench, TurnDraft, TaskRecord> raise)
    {
        var (bench, task) = situation();
        var before = task.State;
        Assert.Equal(state.Name.ToLowerInvariant(), before);
        var turn = new TurnDraft(bench.State, bench.Now);
        raise(bench, turn, task);
        var noted = turn.ToCommit().TaskEvents.SelectMany(happened => happened.Transitions).ToList();
        return task.State != before ? $"→ {task.State}" : noted.Count > 0 ? "noted" : "·";
    }

    /// <summary>Ways to be in a state that may answer differently.</summary>
    private static IEnumerable<Func<(SchedulerBench, TaskRecord)>> Situations(string state) => state switch
    {
        "Queued" => [Queued, GivenUp],
        "Offered" => [Offered, () => OnItsLastFailure(Offered()), () => OnItsLastLoss(Offered())],
        "Running" => [Running, () => OnItsLastFailure(Running()), () => OnItsLastLoss(Running())],
        "Canceling" => [() => After(Running(), bench => bench.Send(new CancelTask { Task = bench.State.Tasks.Keys.Single() }))],
        "Retrying" => [() => Told(Running(), WireKind.Failed), TimedOut],
        "Succeeded" => [() => Told(Running(), WireKind.Succeeded)],
        "Dead" => [() => Told(OnItsLastFailure(Running()), WireKind.Failed)],
        _ => [() => After(Queued(), bench => bench.Send(new CancelTask { Task = bench.State.Tasks.Keys.Single() }))],
    };

    private static (SchedulerBench, TaskRecord) Queued()
    {
        var bench = new SchedulerBench();
        return (bench, bench.State.Tasks[bench.Submit()]);
    }

    private static (SchedulerBench, TaskRecord) Offered()
    {
        var bench = new SchedulerBench();
        bench.AddWorker("w");
        return (bench, bench.State.Tasks[bench.Submit()]);
    }

    private static (SchedulerBench, TaskRecord) Running() => Told(Offered(), WireKind.Started);

    private static (SchedulerBench, TaskRecord) GivenUp() => After(Running(), bench =>
        bench.Turn(new BeatInput(new BeatMessage { Worker = "w", Session = bench.State.Workers["w"].Record.Session, Goodbye = true })));

    private static (SchedulerBench, TaskRecord) TimedOut()
    {
        var bench = new SchedulerBench();
        bench.AddWorker("w");
        var task = bench.State.Tasks[bench.Submit(timeout: TimeSpan.FromSeconds(5))];
        return After(Told((bench, task), WireKind.Started), running => running.Pass(TimeSpan.FromSeconds(5)).Turn());
    }

    private static (SchedulerBench, TaskRecord) OnItsLastFailure((SchedulerBench, TaskRecord Task) at)
    {
        at.Task.Failures = (short)(at.Task.MaxAttempts - 1);
        return at;
    }

    private static (SchedulerBench, TaskRecord) OnItsLastLoss((SchedulerBench, TaskRecord Task) at)
    {
        at.Task.Losses = RetryPolicy.LossLimit - 1;
        return at;
    }

    private static (SchedulerBench, TaskRecord) Told((SchedulerBench Bench, TaskRecord Task) at, string kind) =>
        After(at, bench => bench.Turn(bench.Report(kind, at.Task)));

    private static (SchedulerBench, TaskRecord) After((SchedulerBench Bench, TaskRecord Task) at, Action<SchedulerBench> happening)
    {
        happening(at.Bench);
        return at;
    }

    private static IEnumerable<(string Name, Action<SchedulerBench, TurnDraft, TaskRecord> Raise)> Events(TaskStateMachine machine)
    {
        yield return (nameof(machine.Submitted), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.Submitted, new Submitted(turn)));
        yield return (nameof(machine.Placed), (bench, turn, task) => TaskLifecycle.Raise(turn, task, machine.Placed,
            new Placed(turn, bench.State.Workers.GetValueOrDefault("w") ?? bench.AddWorker("w"), new FenceToken(9, 9), 1)));
        yield return (nameof(machine.StartReported), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.StartReported,
            new StartReported(turn, SchedulerBench.ReportOf(task), task.Token, task.Worker ?? "w")));
        yield return (nameof(machine.ProgressReported), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.ProgressReported,
            new ProgressReported(turn, SchedulerBench.ReportOf(task), task.Token, task.Worker ?? "w")));
        yield return (nameof(machine.SuccessReported), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.SuccessReported,
            new SuccessReported(turn, SchedulerBench.ReportOf(task), task.Token, task.Worker ?? "w")));
        yield return (nameof(machine.FailureReported), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.FailureReported,
            new FailureReported(turn, SchedulerBench.ReportOf(task), task.Token, task.Worker ?? "w")));
        yield return (nameof(machine.ReleaseReported), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.ReleaseReported,
            new ReleaseReported(turn, SchedulerBench.ReportOf(task), task.Token, task.Worker ?? "w")));
        yield return (nameof(machine.AttemptEnded), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.AttemptEnded,
            new AttemptEnded(turn, AttemptOutcome.Lost, "worker-lost")));
        yield return (nameof(machine.AttemptTimedOut), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.AttemptTimedOut, new AttemptTimedOut(turn)));
        yield return (nameof(machine.CancelRequested), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.CancelRequested, new CancelRequested(turn, "ann", null)));
        yield return (nameof(machine.CancelGraceElapsed), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.CancelGraceElapsed, new CancelGraceElapsed(turn)));
        yield return (nameof(machine.RetryElapsed), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.RetryElapsed, new RetryElapsed(turn)));
        yield return (nameof(machine.RetryRequested), (_, turn, task) => TaskLifecycle.Raise(turn, task, machine.RetryRequested, new RetryRequested(turn, "ann", null)));
    }
}
