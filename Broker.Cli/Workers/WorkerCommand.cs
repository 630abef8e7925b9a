using Broker.Contracts;

namespace Broker.Cli;

/// <summary><c>broker worker …</c></summary>
internal sealed class WorkerCommand : Verb
{
    public WorkerCommand() : base("worker", "Look at workers and change them.")
    {
        Add(new ListWorkersCommand());
        Add(new GetWorkerCommand());
        Add(new ChangeWorkerCommand(WorkerAction.Cordon, "Give a worker nothing new; it keeps what it has.",
            "broker worker cordon bot-17 --reason 'new disk'"));
        Add(new ChangeWorkerCommand(WorkerAction.Uncordon, "Let a worker get tasks again.", "broker worker uncordon bot-17"));
        Add(new ChangeWorkerCommand(WorkerAction.Drain, "Give a worker nothing new and let it finish what it has.",
            "broker worker drain bot-17 --reason 'reboot' --deadline 5m"));
        Add(new ChangeWorkerCommand(WorkerAction.Activate, "Use a reserve worker until it is deactivated.",
            "broker worker activate spare-1 --reason 'sale starts'"));
        Add(new ChangeWorkerCommand(WorkerAction.Deactivate, "Put a reserve worker back.", "broker worker deactivate spare-1"));
    }
}
