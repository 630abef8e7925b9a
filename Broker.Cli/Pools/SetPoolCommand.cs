using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary><c>broker pool set NAME</c>: changes what is given, keeps the rest, and makes the pool if it is new.</summary>
internal sealed class SetPoolCommand : ApiVerb
{
    private readonly PoolNameArgument _name = new();
    private readonly (Option Option, string Path)[] _settings =
    [
        (Choice("--policy", "When reserve workers come in: never by themselves, one by one, or as many as needed at once.",
            ReservePolicyName.Off, ReservePolicyName.Gradual, ReservePolicyName.Target), "reserve/policy"),
        (new DurationOption("--review-every") { Description = "Time between reviews of the reserve." }, "reserve/reviewEvery"),
        (new RangeOption("--backlog-above", 0, 1_000_000) { Description = "gradual: one more when more tasks wait." }, "reserve/backlogAbove"),
        (new DurationOption("--wait-above") { Description = "gradual: one more when a task has waited longer." }, "reserve/waitAbove"),
        (new DurationOption("--cool-down") { Description = "Time between changes, and quiet time before one is put back." }, "reserve/coolDown"),
        (new DurationOption("--period") { Description = "target: the time that is averaged over." }, "reserve/period"),
        (new DurationOption("--heartbeat-interval") { Description = "Time between beats at least." }, "heartbeat/interval"),
        (new RangeOption("--max-attempts", 1, Limits.MaxAttempts) { Description = "Attempts that may fail." }, "retry/maxAttempts"),
        (new DurationOption("--retry-base") { Description = "Longest wait before the second attempt." }, "retry/base"),
        (new DurationOption("--retry-cap") { Description = "Longest wait before any attempt." }, "retry/cap"),
        (Choice("--quarantine", "Whether workers that fail what others do well are kept from new tasks.",
            QuarantinePolicyName.On, QuarantinePolicyName.Off), "quarantine/policy"),
        (new DurationOption("--timeout") { Description = "Time an attempt may run." }, "timeout"),
    ];

    public SetPoolCommand() : base("set", "Change settings of a pool, or make one; what is not named stays.",
        "broker pool set crawlers --policy gradual --backlog-above 100 --cool-down 2m",
        "broker pool set default --max-attempts 5 --retry-base 10s")
    {
        Add(_name);
        foreach (var (option, _) in _settings) Add(option);
    }

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var path = $"v1/pools/{parsed.GetValue(_name)}";
        var current = await client.ExchangeAsync(HttpMethod.Get, path, null, null, TimeSpan.Zero, cancellationToken);
        if (!current.IsSuccess && current.Status != 404) throw current.AsRefusal();

        var pool = current.IsSuccess ? JsonNode.Parse(current.Body.Span)!.AsObject() : [];
        foreach (var (option, at) in _settings)
            if (ValueOf(parsed, option) is { } value) Put(pool, at, value);
        var answer = await client.SendAsync(
            HttpMethod.Put, path, Encoding.UTF8.GetBytes(pool.ToJsonString()), null, TimeSpan.Zero, cancellationToken);
        screen.Show(answer, ClientJson.Default.PoolInfo, PoolTables.One);
        return ExitCode.Ok;
    }

    private static JsonValue? ValueOf(ParseResult parsed, Option option) => option switch
    {
        DurationOption duration => parsed.GetValue(duration) is { } length ? JsonValue.Create(Durations.Format(length)) : null,
        RangeOption range => parsed.GetValue(range) is { } number ? JsonValue.Create(number) : null,
        Option<string?> text => parsed.GetValue(text) is { } value ? JsonValue.Create(value) : null,
        _ => null,
    };

    private static void Put(JsonObject pool, string path, JsonValue value)
    {
        if (path.Split('/') is not [var group, var name])
        {
            pool[path] = value;
            return;
        }
        if (pool[group] is not JsonObject settings) pool[group] = settings = [];
        settings[name] = value;
    }

    private static Option<string?> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { HelpName = string.Join('|', values), Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
