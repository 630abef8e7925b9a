using System.CommandLine;
using System.CommandLine.Parsing;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>The options of <c>broker submit</c>.</summary>
internal sealed class SubmitOptions
{
    public Option<string> Type { get; } = new("--type") { Required = true, HelpName = "TYPE", Description = "What kind of task; selects the handler." };
    public Option<string?> Payload { get; } = new("--payload") { HelpName = "JSON|@FILE|-", Description = "The payload: JSON, a file with it, or - for standard input." };
    public Option<int?> Priority { get; } = new RangeOption("--priority", 0, Limits.HighestPriority) { Description = "0–9, higher first; 4 if left out." };
    public Option<string?> Pool { get; } = new("--pool") { HelpName = "NAME", Description = "The workers to use; default if left out." };
    public Option<int?> Cost { get; } = new RangeOption("--cost", 1, Limits.Slots) { Description = "Slots it takes; 1 if left out." };
    public Option<Dictionary<string, string>?> Requires { get; } = new LabelsOption("--requires") { Description = "A label the worker must have; repeat for more." };
    public Option<TimeSpan?> Timeout { get; } = new DurationOption("--timeout") { Description = "How long an attempt may run; the pool's if left out." };
    public Option<int?> MaxAttempts { get; } = new RangeOption("--max-attempts", 1, Limits.MaxAttempts) { Description = "Attempts that may fail; the pool's if left out." };
    public Option<string?> Key { get; } = new("--key") { HelpName = "KEY", Description = "Idempotency key: the same command again makes no second task. In bulk each task adds its line." };

    public Option<string?> From { get; } = new("--from") { HelpName = "FILE|-", Description = "Bulk: a task for every line of a file or of standard input; each line is a JSON payload." };
    public Option<string?> EachLine { get; } = new("--each-line") { HelpName = "FIELD", Description = "With --from: the payload is {FIELD: line}." };
    public Option<bool> Ndjson { get; } = new("--ndjson") { Description = "With --from: each line is a JSON payload, as without --each-line." };
    public Option<bool> Null { get; } = new("--null", "-0") { Description = "With --from: lines end with NUL, as find -print0 writes them." };
    public Option<int?> Count { get; } = new RangeOption("--count", 1, int.MaxValue) { Description = "Bulk: this many equal tasks." };
    public Option<int?> Batch { get; } = new RangeOption("--batch", 1, Limits.BatchCount) { Description = "Tasks in a request; 100 if left out." };
    public Option<int?> Parallel { get; } = new RangeOption("--parallel", 1, 64) { Description = "Requests at once; 4 if left out." };

    public Option<bool> Wait { get; } = new("--wait") { Description = "Wait until every task has finished." };
    public Option<TimeSpan?> WaitTimeout { get; } = new DurationOption("--wait-timeout") { Description = "Stop waiting this long after the last one was handed in, with exit code 124; implies --wait." };
    public Option<string?> Results { get; } = new("--results") { HelpName = "FILE|-", Description = "A JSON line per finished task: id, type, state, payload, result, error, attempts, worker; implies --wait." };
    public Option<TimeSpan?> RetryFor { get; } = new DurationOption("--retry-for") { Description = "How long to go on when the API is overloaded or goes away; 2m if left out." };

    public IEnumerable<Option> All =>
    [
        Type, Payload, Priority, Pool, Cost, Requires, Timeout, MaxAttempts, Key,
        From, EachLine, Ndjson, Null, Count, Batch, Parallel, Wait, WaitTimeout, Results, RetryFor,
    ];

    /// <summary>Options that contradict each other; null if none do.</summary>
    public string? FindConflict(CommandResult parsed)
    {
        var from = parsed.GetValue(From);
        if (from is not null && parsed.GetValue(Count) is not null) return "--from and --count don't go together: each line is a task.";
        if (from is not null && parsed.GetValue(Payload) is not null) return "--from and --payload don't go together: the lines are the payloads.";
        if (from is null && parsed.GetValue(EachLine) is not null) return "--each-line needs --from FILE or --from -.";
        if (from is null && parsed.GetValue(Ndjson)) return "--ndjson needs --from FILE or --from -.";
        if (from is null && parsed.GetValue(Null)) return "--null needs --from FILE or --from -.";
        if (parsed.GetValue(EachLine) is not null && parsed.GetValue(Ndjson)) return "--each-line and --ndjson don't go together.";
        return null;
    }

    public bool IsWaiting(ParseResult parsed) =>
        parsed.GetValue(Wait) || parsed.GetValue(WaitTimeout) is not null || parsed.GetValue(Results) is not null;

    /// <summary>Many tasks, or results as lines: then the batch call is used, and the outcome is a summary.</summary>
    public bool IsBulk(ParseResult parsed) =>
        parsed.GetValue(From) is not null || parsed.GetValue(Count) is not null || parsed.GetValue(Results) is not null;

    public async Task<TaskTemplate> ReadTemplateAsync(ParseResult parsed, CancellationToken cancellationToken) => new()
    {
        Type = parsed.GetValue(Type)!,
        Priority = parsed.GetValue(Priority),
        Pool = parsed.GetValue(Pool),
        Cost = parsed.GetValue(Cost),
        Requires = parsed.GetValue(Requires),
        Timeout = parsed.GetValue(Timeout) is { } timeout ? Durations.Format(timeout) : null,
        MaxAttempts = parsed.GetValue(MaxAttempts),
        Payload = parsed.GetValue(Payload) is { } payload
            ? new RawJson(await PayloadText.ReadAsync(payload, cancellationToken))
            : null,
    };
}
