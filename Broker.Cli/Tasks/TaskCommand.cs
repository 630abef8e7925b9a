namespace Broker.Cli;

/// <summary><c>broker task …</c></summary>
internal sealed class TaskCommand : Verb
{
    public TaskCommand() : base("task", "Look at tasks and change them.")
    {
        Add(new GetTaskCommand());
        Add(new ListTasksCommand());
        Add(new ListTaskEventsCommand());
        Add(new ExplainTaskCommand());
        Add(new ChangeTaskCommand("cancel", "Cancel a task; a worker that has it is told.",
            "broker task cancel 0198f3c2-… --reason 'wrong input'"));
        Add(new ChangeTaskCommand("retry", "Give a dead task a new round.", "broker task retry 0198f3c2-… --reason 'fixed the handler'"));
        Add(new WaitTaskCommand());
    }
}
