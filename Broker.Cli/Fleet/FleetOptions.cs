using System.CommandLine;
using System.Globalization;
using Broker.Agent;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>The options of <c>broker fleet</c>.</summary>
internal sealed class FleetOptions
{
    public Option<int?> Workers { get; } = new RangeOption("--workers", 0, 100_000) { Description = "How many bots; 10 if left out." };
    public Option<int?> Reserve { get; } = new RangeOption("--reserve", 0, 100_000) { Description = "That many more, as reserve." };
    public Option<int?> Slots { get; } = new RangeOption("--slots", 1, Limits.Slots) { Description = "Tasks each runs at a time; 1 if left out." };
    public Option<string?> Pool { get; } = new("--pool") { HelpName = "NAME", Description = "The pool to work for; default if left out." };
    public Option<string?> Prefix { get; } = new("--prefix") { HelpName = "TEXT", Description = "Ids are this and a number; bot if left out." };
    public Option<string?> Types { get; } = new("--type-handlers") { HelpName = "TYPE,…", Description = $"What they can do, of {string.Join(", ", FleetHandlers.All)}; all if left out." };
    public Option<TimeSpan?> RunTime { get; } = new DurationOption("--run-time") { Description = "Take tasks of every type; each takes this long, and its payload is its result." };
    public Option<int?> MaxBatch { get; } = new RangeOption("--max-batch", 1, Limits.MaxBatch) { Description = "Offers each takes in one message; 1 if left out." };
    public Option<Dictionary<string, string>?> Label { get; } = new LabelsOption("--label") { Description = "A fact that tasks may require; repeat for more." };
    public Option<string?> Role { get; } = new("--role") { HelpName = "active|reserve", Description = "active if left out." };
    public Option<string?> RabbitMq { get; } = new("--rabbitmq") { HelpName = "URI", Description = "Else ConnectionStrings__RabbitMq." };
    public Option<string?> Transport { get; } = new("--transport") { HelpName = "amqp|http", Description = "amqp if left out; http polls." };
    public Option<string?> FileRoot { get; } = new("--file-root") { HelpName = "DIR", Description = "The folder below which file.sha256 may read." };

    public FleetOptions()
    {
        Role.AcceptOnlyFromAmong(WorkerRole.Active, WorkerRole.Reserve);
        Transport.AcceptOnlyFromAmong(WorkerTransport.Amqp, WorkerTransport.Http);
        Prefix.Validators.Add(result =>
        {
            if (!Names.IsValid($"{result.GetValue(Prefix)}-reserve-100000"))
                result.AddError("--prefix must be of a–z, 0–9, - and _, not begin with - or _, and have at most 48 characters.");
        });
        Types.Validators.Add(result =>
        {
            if (result.GetValue(Types)!.Split(',').Except(FleetHandlers.All).FirstOrDefault() is { } unknown)
                result.AddError($"--type-handlers: there is no {unknown}; there are {string.Join(", ", FleetHandlers.All)}.");
        });
    }

    public IEnumerable<Option> All =>
        [Workers, Reserve, Slots, Pool, Prefix, Types, RunTime, MaxBatch, Label, Role, RabbitMq, Transport, FileRoot];

    /// <summary>What all workers share.</summary>
    public void Configure(ParseResult parsed, AgentOptions agent)
    {
        agent.Api = parsed.GetValue(ApiOptions.Api)!;
        agent.Pool = parsed.GetValue(Pool) ?? agent.Pool;
        agent.Slots = parsed.GetValue(Slots) ?? agent.Slots;
        agent.Role = parsed.GetValue(Role) ?? agent.Role;
        agent.Transport = parsed.GetValue(Transport) ?? agent.Transport;
        agent.MaxBatch = parsed.GetValue(MaxBatch) ?? agent.MaxBatch;
        agent.FileRoot = parsed.GetValue(FileRoot);
        foreach (var (key, value) in parsed.GetValue(Label) ?? []) agent.Labels[key] = value;
        if ((parsed.GetValue(RabbitMq) ?? Environment.GetEnvironmentVariable("ConnectionStrings__RabbitMq")) is { } address)
            agent.RabbitMq = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri
                : throw new CliException(ExitCode.Usage, "--rabbitmq needs an amqp:// address.");
    }

    /// <summary>Every worker's id and role.</summary>
    public IEnumerable<(string Id, string Role)> Roster(ParseResult parsed)
    {
        var prefix = parsed.GetValue(Prefix) ?? "bot";
        var (workers, reserve) = (parsed.GetValue(Workers) ?? 10, parsed.GetValue(Reserve) ?? 0);
        var role = parsed.GetValue(Role) ?? WorkerRole.Active;
        // Numbers of one width sort as they count.
        var digits = $"D{$"{Math.Max(workers, reserve)}".Length}";
        return Enumerable.Range(1, workers).Select(number => ($"{prefix}-{number.ToString(digits, CultureInfo.InvariantCulture)}", role))
            .Concat(Enumerable.Range(1, reserve).Select(number => ($"{prefix}-reserve-{number.ToString(digits, CultureInfo.InvariantCulture)}", WorkerRole.Reserve)));
    }
}
