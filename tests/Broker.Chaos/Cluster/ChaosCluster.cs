using Broker.Contracts;
using Broker.TestKit;
using Npgsql;

namespace Broker.Chaos;

/// <summary>Broker as a run has it: servers, schedulers, API processes and bots, each with links of its own.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly RunPlan _plan;
    private readonly CancellationTokenSource _stopping = new();
    private Task _reviving = Task.CompletedTask;

    private ChaosCluster(RunPlan plan, PrivateServers servers)
    {
        (_plan, Servers) = (plan, servers);
        Schedulers = [.. Enumerable.Range(1, plan.Schedulers).Select(number => NewScheduler($"scheduler-{number}"))];
        Apis = [.. Enumerable.Range(1, plan.Apis).Select(number => NewApi($"api-{number}"))];
        Bots = [.. Enumerable.Range(0, plan.Bots).Select(NewBot)];
        Watch = new ClusterWatch(servers.Postgres);
    }

    public PrivateServers Servers { get; }

    public IReadOnlyList<Member> Schedulers { get; }

    public IReadOnlyList<ApiMember> Apis { get; }

    public IReadOnlyList<Member> Bots { get; }

    public ClusterWatch Watch { get; }

    public IEnumerable<Member> Members => [.. Schedulers, .. Apis.Select(api => api.Member), .. Bots];

    public static async Task<ChaosCluster> StartAsync(RunPlan plan, Action<string> say)
    {
        Directory.CreateDirectory(Path.Combine(plan.Folder, "logs"));
        var servers = await PrivateServers.StartAsync(BrokerServer.Postgres, BrokerServer.RabbitMq);
        var cluster = new ChaosCluster(plan, servers);
        try
        {
            await cluster.BeginAsync(say);
            return cluster;
        }
        catch (Exception)
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The scheduler that leads; null if none of ours does.</summary>
    public Member? Leader() => Schedulers.FirstOrDefault(member => member.IsRunning && $"{member.Process!.Id}" == Watch.Leadership.HolderPid);

    /// <summary>Undoes whatever faults left behind.</summary>
    public async Task HealAsync()
    {
        foreach (var member in Members)
        {
            member.RabbitMq?.Heal();
            member.Postgres?.Proxy.Heal();
            await member.ContinueAsync();
            member.Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reviving;
        await Watch.DisposeAsync();
        foreach (var member in Members) await member.DisposeAsync();
        foreach (var api in Apis) api.Dispose();
        await Servers.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task BeginAsync(Action<string> say)
    {
        await using (var migrate = BrokerProcess.StartOurs("Broker.Cli", ["migrate"],
            new Dictionary<string, string> { ["ConnectionStrings__Postgres"] = Servers.Postgres }, assembly: "broker"))
            if (await migrate.WaitForExitAsync(Patience) != 0)
                throw new InvalidOperationException($"broker migrate failed:\n{migrate.Output}");

        Watch.Start();
        foreach (var member in Members.Except(Bots)) member.Start();
        foreach (var api in Apis) await api.WaitUntilReadyAsync(Patience);
        await Apis[0].PutPoolAsync("default", _plan.Pool, Patience);
        say($"{Schedulers.Count} schedulers and {Apis.Count} API processes are ready; starting {Bots.Count} bots");

        // A few at a time: each start takes most of a core for a second.
        foreach (var bots in Bots.Chunk(4))
        {
            foreach (var bot in bots) bot.Start();
            foreach (var bot in bots)
                await Eventually.Async(() => Watch.IsOnlineAsync(bot.Name), online => online, $"{bot.Name} is online", Patience);
        }
        _reviving = ReviveAsync();
    }

    /// <summary>What systemd does: starts again whatever ended by itself.</summary>
    private async Task ReviveAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                foreach (var member in Members) member.Revive();
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private Member NewScheduler(string name) => NewMember(name, withPostgres: true,
        member => Launch(member, BrokerProcess.PathOf("Dispatcher.Scheduler"), [], ServiceEnvironment(member)));

    private ApiMember NewApi(string name)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        return new ApiMember(address, NewMember(name, withPostgres: true, member => Launch(
            member, BrokerProcess.PathOf("Dispatcher.Api"), ["--urls", $"{address}"], ServiceEnvironment(member))));
    }

    /// <summary>Slots of 1 to 4, some that take batches, the last ones in reserve.</summary>
    private Member NewBot(int number) => NewMember($"bot-{number + 1:00}", withPostgres: false, member => Launch(
        member, typeof(ChaosCluster).Assembly.Location,
        [
            "bot", _plan.Folder, "--id", member.Name, "--slots", $"{(number % 6) switch { 3 => 2, 4 => 3, 5 => 4, _ => 1 }}",
            "--max-batch", number % 5 == 4 ? "8" : "1",
            "--role", number >= _plan.Bots - _plan.ReserveBots ? WorkerRole.Reserve : WorkerRole.Active,
            "--api", $"{Apis[number % Apis.Count].Address}", "--rabbitmq", $"{RabbitMqThrough(member)}",
        ], []));

    private int PostgresPort => new NpgsqlConnectionStringBuilder(Servers.Postgres).Port;

    private Uri RabbitMqThrough(Member member) => new UriBuilder(Servers.RabbitMq) { Port = member.RabbitMq!.Port }.Uri;

    private Member NewMember(string name, bool withPostgres, Func<Member, BrokerProcess> start) =>
        new(name, start, new TcpProxy("127.0.0.1", Servers.RabbitMq.Port), withPostgres ? new PostgresLink(PostgresPort) : null);

    private BrokerProcess Launch(Member member, string assembly, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        environment["Logging__LogLevel__Default"] = "Information";
        environment["Logging__LogLevel__MassTransit"] = "Warning";
        environment["Logging__Console__FormatterName"] = "simple";
        environment["Logging__Console__FormatterOptions__SingleLine"] = "true";
        environment["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ";
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_GCHeapCount"] = "1";
        environment["DOTNET_TieredPGO"] = "0";
        return BrokerProcess.StartLogged(
            Path.Combine(_plan.Folder, "logs", $"{member.Name}.log"), "dotnet", [assembly, .. arguments], environment);
    }

    private Dictionary<string, string> ServiceEnvironment(Member member) => new()
    {
        ["ConnectionStrings__Postgres"] = new NpgsqlConnectionStringBuilder(Servers.Postgres) { Port = member.Postgres!.Proxy.Port }.ConnectionString,
        ["ConnectionStrings__RabbitMq"] = RabbitMqThrough(member).ToString(),
        ["Broker__IdSecret"] = "0123456789abcdef0123456789abcdef",
        ["Broker__LeaseScale"] = _plan.LeaseScale.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
