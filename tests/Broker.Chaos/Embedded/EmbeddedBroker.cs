using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.Chaos;

/// <summary><c>broker dev</c> with workers of its own, and bots that join it over HTTP and write down what they do.</summary>
internal sealed class EmbeddedBroker : IAsyncDisposable
{
    /// <summary>Long, as every start of the process must fit in.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public const int Workers = 2;

    private readonly RunPlan _plan;
    private readonly List<Member> _bots;

    public EmbeddedBroker(RunPlan plan)
    {
        _plan = plan;
        Directory.CreateDirectory(Path.Combine(plan.Folder, "logs"));
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        Api = new ApiMember(address, NewMember("broker", BrokerProcess.PathOf("Broker.Cli", "broker"),
            "dev", "--port", $"{address.Port}", "--data", Data, "--workers", $"{Workers}", "--reserve", "0", "--slots", "2"));
        _bots = [.. Enumerable.Range(1, plan.Bots).Select(number => NewMember($"bot-{number:00}", typeof(EmbeddedBroker).Assembly.Location,
            "bot", plan.Folder, "--id", $"bot-{number:00}", "--slots", $"{1 + number % 3}", "--transport", "http", "--api", $"{address}"))];
    }

    public ApiMember Api { get; }

    /// <summary>The folder of its database.</summary>
    public string Data => Path.Combine(_plan.Folder, "data");

    public async Task StartAsync()
    {
        Api.Member.Start();
        await Api.WaitUntilReadyAsync(Patience);
        await Api.PutPoolAsync("default", _plan.Pool, Patience);
        foreach (var bot in _bots) bot.Start();
        await Eventually.Async(
            async () => JsonNode.Parse(await Api.Http.GetStringAsync("v1/workers?liveness=online"))!["items"]!.AsArray().Count,
            count => count == Workers + _bots.Count, "all workers are online", Patience);
    }

    /// <summary>Stops bots, then the broker, as people do.</summary>
    public async Task StopAsync()
    {
        foreach (var stopped in _bots.ConvertAll(bot => bot.StopAsync())) await stopped;
        await Api.Member.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var bot in _bots) await bot.DisposeAsync();
        await Api.Member.DisposeAsync();
        Api.Dispose();
    }

    private Member NewMember(string name, string assembly, params string[] arguments) => new(
        name, member => BrokerProcess.StartLogged(Path.Combine(_plan.Folder, "logs", $"{member.Name}.log"), "dotnet", [assembly, .. arguments],
            new Dictionary<string, string> { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0" }), rabbitMq: null, postgres: null);
}
