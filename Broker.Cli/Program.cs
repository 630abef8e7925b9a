using System.CommandLine;

namespace Broker.Cli;

internal static class Program
{
    /// <summary>Every verb, in the order of the help.</summary>
    internal static IEnumerable<Command> Verbs =>
    [
        new DevCommand(),
        ServiceCommand.Api(),
        ServiceCommand.Scheduler(),
        new SubmitCommand(),
        new TaskCommand(),
        new WorkerCommand(),
        new PoolCommand(),
        new StatsCommand(),
        new DoctorCommand(),
        new AgentCommand(),
        new FleetCommand(),
        new MigrateCommand(),
        .. Shortcuts,
    ];

    /// <summary>What is typed most, without the noun.</summary>
    private static IEnumerable<Command> Shortcuts =>
    [
        new GetTaskCommand(),
        new ListTasksCommand(),
        new ChangeTaskCommand("cancel", "Cancel a task; a worker that has it is told.", "broker cancel 0198f3c2-…"),
        new ListWorkersCommand("workers"),
    ];

    private static async Task<int> Main(string[] args)
    {
        using var interruption = new Interruption();
        return await CommandLineRunner.RunAsync(Verbs, args, Console.Out, Console.Error, interruption.Token);
    }
}
