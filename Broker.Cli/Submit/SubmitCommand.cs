using System.CommandLine;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary><c>broker submit</c></summary>
internal sealed class SubmitCommand : ApiVerb
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromMinutes(2);

    private readonly SubmitOptions _options = new();

    public SubmitCommand() : base("submit", "Hand in one task, or one for every line of an input.",
        "broker submit --type echo --payload '{\"hello\": \"world\"}' --wait",
        "broker submit --type sleep --payload '{\"ms\": 50}' --count 10000 --wait",
        "broker submit --type http.get --each-line url --from urls.txt --priority 7",
        "find /usr/share/doc -type f | broker submit --type file.sha256 --each-line path --from - --wait --results out.ndjson")
    {
        foreach (var option in _options.All) Add(option);
        Validators.Add(result =>
        {
            // Values can't be asked for before each parsed.
            if (result.Children.All(child => !child.Errors.Any()) && _options.FindConflict(result) is { } conflict)
                result.AddError(conflict);
        });
    }

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var template = await _options.ReadTemplateAsync(parsed, cancellationToken);
        return _options.IsBulk(parsed)
            ? await SubmitManyAsync(parsed, template, client, screen, cancellationToken)
            : await SubmitOneAsync(parsed, template, client, screen, cancellationToken);
    }

    private async Task<int> SubmitOneAsync(
        ParseResult parsed, TaskTemplate template, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var perseverance = new Perseverance(parsed.GetValue(_options.RetryFor) ?? RetryFor, TimeProvider.System);
        var body = Requests.Write(template, ClientJson.Default.TaskTemplate);
        // Without a key of the caller's, one of ours makes it safe to repeat the request.
        var key = parsed.GetValue(_options.Key) ?? NewRunKey();
        var answer = await perseverance.RunAsync(
            () => client.SendAsync(HttpMethod.Post, "v1/tasks", body, key, TimeSpan.Zero, cancellationToken), cancellationToken);
        if (!_options.IsWaiting(parsed))
        {
            screen.Show(answer, ClientJson.Default.TaskInfo, TaskTables.One);
            return ExitCode.Ok;
        }
        var waiting = new OneTask(client, perseverance, TimeProvider.System);
        return await waiting.WaitAndShowAsync(
            answer.Read(ClientJson.Default.TaskInfo).Id.ToString(), parsed.GetValue(_options.WaitTimeout), screen, cancellationToken);
    }

    private async Task<int> SubmitManyAsync(
        ParseResult parsed, TaskTemplate template, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var plan = new SubmitPlan
        {
            Template = template with { Payload = null },
            RunKey = parsed.GetValue(_options.Key) ?? NewRunKey(),
            BatchLimit = parsed.GetValue(_options.Batch) ?? 100,
            Parallel = parsed.GetValue(_options.Parallel) ?? 4,
            Wait = _options.IsWaiting(parsed),
            WaitLimit = parsed.GetValue(_options.WaitTimeout),
            RetryFor = parsed.GetValue(_options.RetryFor) ?? RetryFor,
        };
        var tally = new SubmitTally();
        var refusals = new Refusals(screen, tally);
        await using var results = parsed.GetValue(_options.Results) is { } path ? new ResultsFile(path) : null;
        await using var input = parsed.GetValue(_options.From) is { } from ? Open(from) : Stream.Null;
        var items = parsed.GetValue(_options.From) is null
            ? Repeat(template.Payload?.ToArrayOrNull(), parsed.GetValue(_options.Count) ?? 1)
            : new PayloadLines(
                new LineReader(input, parsed.GetValue(_options.Null) ? (byte)0 : (byte)'\n', Limits.PayloadBytes + 1),
                parsed.GetValue(_options.EachLine), refusals.Add).ReadAsync(cancellationToken);

        return await new SubmitReport(plan, screen, tally, TimeProvider.System).RunAsync(
            new SubmitRun(plan, client, results, tally, refusals.Add, TimeProvider.System), items, cancellationToken);
    }

    private static string NewRunKey() => $"cli-{Guid.NewGuid():N}";

    private static Stream Open(string from) => from == "-" ? Console.OpenStandardInput() : PayloadText.OpenFile(from);

    private static async IAsyncEnumerable<SubmitItem> Repeat(byte[]? payload, int count)
    {
        await Task.CompletedTask;
        for (var line = 1; line <= count; line++) yield return new SubmitItem(line, payload);
    }
}
