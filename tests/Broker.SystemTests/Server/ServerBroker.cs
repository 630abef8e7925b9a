using Broker.Contracts;
using Broker.TestKit;
using Npgsql;

namespace Broker.SystemTests;

/// <summary>Broker in server mode: real processes on real RabbitMQ and PostgreSQL, in a schema and under a queue prefix of its own.</summary>
public sealed class ServerBroker : IAsyncDisposable
{
    private readonly string _name = $"t{Guid.NewGuid():N}"[..12];
    private readonly List<BrokerProcess> _processes = [];
    private readonly List<BrokerProcess> _schedulers = [];
    private readonly Dictionary<string, string> _environment;
    private readonly string _postgresServer;

    private ServerBroker(Uri address, PrivateServers? servers)
    {
        Address = address;
        Api = new ApiClient(address);
        _postgresServer = servers?.Postgres ?? TestServices.Postgres;
        RabbitMq = servers?.RabbitMq ?? TestServices.RabbitMq;
        Postgres = $"{_postgresServer};Search Path={_name}";
        _environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = Postgres,
            ["ConnectionStrings__RabbitMq"] = RabbitMq.ToString(),
            ["Broker__QueuePrefix"] = QueuePrefix,
            ["Broker__IdSecret"] = "0123456789abcdef0123456789abcdef",
            ["Broker__Api"] = address.ToString(),
            ["Broker__RabbitMq"] = RabbitMq.ToString(),
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__Console__FormatterName"] = "simple",
            ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ",
        };
    }

    public Uri Address { get; }
    public ApiClient Api { get; }
    public Uri RabbitMq { get; }

    /// <summary>The first one.</summary>
    public BrokerProcess ApiProcess { get; private set; } = null!;

    public string Postgres { get; }
    public string QueuePrefix => _name + ".";
    public QueueNames Queues => new(QueuePrefix);

    /// <summary>Everything it needs to run: schema, an API, a scheduler that leads.</summary>
    /// <param name="servers">Its own; null for those all tests share.</param>
    public static async Task<ServerBroker> StartAsync(int schedulers = 1, PrivateServers? servers = null)
    {
        var broker = await PrepareAsync(servers);
        try
        {
            await broker.MigrateAsync();
            for (var i = 0; i < schedulers; i++) broker.StartScheduler();
            broker.ApiProcess = broker.StartApi();
            await broker.WaitUntilLedAsync();
            return broker;
        }
        catch (Exception exception)
        {
            await broker.DisposeAsync();
            throw new InvalidOperationException($"{exception.Message}\n{broker.Output}", exception);
        }
    }

    /// <summary>An empty schema, and nothing that runs.</summary>
    public static async Task<ServerBroker> PrepareAsync(PrivateServers? servers = null)
    {
        var broker = new ServerBroker(new Uri($"http://127.0.0.1:{Ports.Free()}"), servers);
        await broker.CreateSchemaAsync();
        return broker;
    }

    public async Task MigrateAsync()
    {
        await using var migrate = BrokerProcess.StartOurs("Broker.Cli", ["migrate"], _environment, assembly: "broker");
        if (await migrate.WaitForExitAsync(TimeSpan.FromSeconds(60)) != 0)
            throw new InvalidOperationException($"broker migrate failed:\n{migrate.Output}");
    }

    public async Task WaitUntilLedAsync()
    {
        await Api.WaitUntilReadyAsync(TimeSpan.FromSeconds(60));
        // Ready to take tasks, which wait for a leader; one that answers takes a while longer on a busy machine.
        await Eventually.Async(() => Api.PutAsync("/v1/pools/default", new { }), _ => true, "the leader answers", TimeSpan.FromSeconds(60));
    }

    public BrokerProcess StartScheduler()
    {
        var scheduler = Start("Dispatcher.Scheduler", []);
        _schedulers.Add(scheduler);
        return scheduler;
    }

    /// <summary>Nobody leads and nobody stands by.</summary>
    public Task KillSchedulersAsync() => Task.WhenAll(_schedulers.Select(scheduler => scheduler.KillAsync()));

    /// <param name="address">Of one more API process; null for the first one's.</param>
    public BrokerProcess StartApi(Uri? address = null) => Start("Dispatcher.Api", ["--urls", $"{address ?? Address}"]);

    /// <summary>A bot of the real library, as a process.</summary>
    public BrokerProcess StartAgent(string id, int slots = 2, params string[] more) =>
        Start("Worker.Agent", ["--id", id, "--slots", $"{slots}", .. more]);

    /// <summary>A command line against this Broker.</summary>
    public BrokerProcess StartCli(IEnumerable<string> arguments, string? input = null) =>
        BrokerProcess.StartOurs("Broker.Cli", [.. arguments, "--server", Address.ToString()], input: input, assembly: "broker");

    /// <summary>The scheduler that leads, once one does that is not this one.</summary>
    /// <param name="except">Null: any.</param>
    public async Task<BrokerProcess> LeaderAsync(BrokerProcess? except = null, TimeSpan? limit = null)
    {
        try
        {
            var holder = await Eventually.Async(
                async () => (await ReadAsync("SELECT split_part(holder, ':', 2) FROM leadership WHERE NOT released")).SingleOrDefault(),
                pid => pid is { Length: > 0 } && pid != $"{except?.Id}", "another scheduler leads", limit);
            return _processes.Single(process => $"{process.Id}" == holder);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Output}", exception);
        }
    }

    /// <summary>Any other program with the same environment, as an example bot.</summary>
    /// <param name="more">Goes before what the environment has.</param>
    public BrokerProcess StartProgram(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> more)
    {
        var environment = new Dictionary<string, string>(_environment);
        foreach (var (name, value) in more) environment[name] = value;
        var process = BrokerProcess.Start(program, arguments, environment);
        _processes.Add(process);
        return process;
    }

    /// <summary>Whether any of its processes has ended.</summary>
    public bool HasExited => _processes.Exists(process => process.HasExited);

    /// <summary>What all processes wrote.</summary>
    public string Output => string.Join("\n---\n", _processes.Select(process => process.Output));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        Api.Dispose();
        var hasWorkers = (await ReadAsync("SELECT relname::text FROM pg_class WHERE oid = to_regclass('workers')")).Count > 0;
        var workers = hasWorkers ? await ReadAsync("SELECT id FROM workers") : [];
        await ExecuteAsync($"DROP SCHEMA IF EXISTS {_name} CASCADE");
        await using var tap = await RabbitTap.ConnectAsync(RabbitMq);
        await tap.RemoveAsync(Queues, workers);
    }

    /// <summary>The first column of a query's answer, as text.</summary>
    public async Task<List<string>> ReadAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Postgres);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private BrokerProcess Start(string project, IEnumerable<string> arguments)
    {
        var process = BrokerProcess.StartOurs(project, arguments, _environment);
        _processes.Add(process);
        return process;
    }

    private Task CreateSchemaAsync() => ExecuteAsync($"CREATE SCHEMA {_name}");

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_postgresServer);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
