using System.CommandLine;

namespace Broker.Bench;

/// <summary>A verb that measures on servers of its own.</summary>
internal abstract class BenchCommand : Command
{
    protected BenchCommand(string name, string description, double seconds, int rounds) : base(name, description)
    {
        var length = new Option<double>("--seconds") { Description = "Of each measurement.", DefaultValueFactory = _ => seconds };
        var count = new Option<int>("--rounds") { Description = "How often each is measured, in turn with the others.", DefaultValueFactory = _ => rounds };
        var systems = new Option<string[]>("--system") { HelpName = "NAME", Description = "Only those whose name begins so; repeat for more." };
        var json = new Option<FileInfo?>("--json") { HelpName = "FILE", Description = "Write the figures there as well." };
        foreach (var option in new Option[] { length, count, systems, json }) Add(option);
        SetAction(async (parsed, cancellationToken) =>
        {
            var plan = new BenchPlan(TimeSpan.FromSeconds(parsed.GetValue(length)), parsed.GetValue(count), parsed.GetValue(systems) ?? []);
            await using var servers = await BenchServers.StartAsync();
            ResultsFile.Write(parsed.GetValue(json), name, await RunAsync(servers, plan, parsed, cancellationToken));
            return 0;
        });
    }

    /// <summary>Prints its table; what it returns goes to the file.</summary>
    /// <param name="parsed">For options of its own.</param>
    protected abstract Task<object> RunAsync(BenchServers servers, BenchPlan plan, ParseResult parsed, CancellationToken cancellationToken);
}
