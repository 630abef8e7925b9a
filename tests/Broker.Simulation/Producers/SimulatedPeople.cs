using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>Clients and operators: they cancel, retry, wait, ask, cordon, drain and activate, at random.</summary>
internal sealed class SimulatedPeople(
    Random random, SimulatedBroker broker, Checker checker, SimulatedProducer producer, IReadOnlyList<IWorkerHost> workers)
{
    private static readonly string[] Actions =
        [WorkerAction.Cordon, WorkerAction.Uncordon, WorkerAction.Drain, WorkerAction.Activate, WorkerAction.Deactivate];

    public void DoSomething()
    {
        switch (random.Next(8))
        {
            case 0 or 1: WithTask(id => new CancelTask { Task = id, By = "person" }); break;
            case 2: WithDeadTask(); break;
            case 3: WithTask(id => new WaitTasks { Tasks = [id], Timeout = TimeSpan.FromSeconds(4) }); break;
            case 4: WithTask(id => new ExplainTask { Task = id }); break;
            case 5: Ask(new AskWorkers { Workers = [AnyWorker().Id] }); break;
            default: ChangeWorker(); break;
        }
    }

    /// <summary>Undoes what would keep work from ending.</summary>
    public void OpenEverything()
    {
        foreach (var worker in workers) Insist(new ChangeWorker { Worker = worker.Id, Action = WorkerAction.Uncordon });
    }

    /// <summary>Asks until somebody answers.</summary>
    public void Insist(object command) => broker.Ask(command, reply =>
    {
        if (reply is null) Insist(command);
    });

    private void ChangeWorker() => Ask(new ChangeWorker
    {
        Worker = AnyWorker().Id,
        Action = Actions[random.Next(Actions.Length)],
        By = "person",
        Deadline = random.Chance(0.5) ? random.Milliseconds(500, 10_000) : null,
    });

    private void WithTask(Func<Guid, object> command)
    {
        if (producer.HandedIn.Count > 0) Ask(command(producer.HandedIn[random.Next(producer.HandedIn.Count)]));
    }

    private void WithDeadTask()
    {
        var dead = checker.World.Tasks.Values.FirstOrDefault(task => task.State == TaskState.Dead);
        if (dead is not null) Ask(new RetryTask { Task = dead.Id, By = "person" });
    }

    private IWorkerHost AnyWorker() => workers[random.Next(workers.Count)];

    private void Ask(object command) => broker.Ask(command, static _ => { });
}
