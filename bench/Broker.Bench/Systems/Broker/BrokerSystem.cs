using System.Globalization;
using Broker.Agent;
using Broker.TestKit;
using Npgsql;

namespace Broker.Bench;

/// <summary>Broker in server mode: an API, a scheduler, and a fleet of the real agent library.</summary>
/// <remarks>Each on a schema and under a queue prefix of its own.</remarks>
internal sealed class BrokerSystem(string name, FleetPlan fleet, BenchServers servers) : ISystem
{
    /// <summary>The project of <c>./broker</c>.</summary>
    public const string Cli = "Broker.Cli";

    private readonly string _schema = $"b{Guid.NewGuid():N}"[..12];
    private readonly List<BrokerProcess> _processes = [];
    private readonly List<MeasuredProcess> _measured = [];
    private readonly Uri _address = new($"http://127.0.0.1:{Ports.Free()}");
    private BrokerProcess? _scheduler;
    private int _workers;

    public string Name => name;

    public string Durability => "every task, attempt and result in PostgreSQL (synchronous commit), quorum queues, confirms; history kept";

    public IReadOnlyList<MeasuredProcess> Processes => _measured;

    public Uri Address => _address;

    public Uri RabbitMqApi => servers.RabbitMqApi;

    public string Postgres => $"{servers.Postgres};Search Path={_schema}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync($"CREATE SCHEMA {_schema}", cancellationToken);
        var migrate = Start(Cli, ["migrate"]);
        if (await migrate.WaitForExitAsync(TimeSpan.FromMinutes(1)) != 0) throw new InvalidOperationException(migrate.Output);

        _measured.AddRange(servers.Processes);
        Measure("load", Environment.ProcessId);
        StartScheduler();
        Measure("API", Start("Dispatcher.Api", ["--urls", $"{_address}"]).Id);
        await Eventually.Async(() => Http.TryGetAsync(new Uri(_address, "/health/ready"), cancellationToken), ready => ready is { } text && !text.Contains("degraded", StringComparison.Ordinal), "Broker is ready", TimeSpan.FromMinutes(1));
        if (fleet.Processes > 0) await StartFleetAsync(fleet, cancellationToken);
    }

    /// <summary>Adds workers and waits until all there are can be used.</summary>
    public async Task StartFleetAsync(FleetPlan more, CancellationToken cancellationToken)
    {
        for (var i = 0; i < more.Processes; i++) Measure("agents", Start(Cli, FleetArguments(more)).Id);
        _workers += more.Workers;
        await WaitForFleetAsync(_workers, cancellationToken);
    }

    /// <summary>A process of one worker.</summary>
    public async Task<int> StartAgentAsync(string project, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var agent = Start(project, [.. arguments, "--api", $"{_address}", "--rabbitmq", $"{servers.RabbitMq}"]);
        await WaitForFleetAsync(++_workers, cancellationToken);
        return agent.Id;
    }

    public void StartScheduler() => Measure("scheduler", (_scheduler = Start("Dispatcher.Scheduler", [])).Id);

    public int SchedulerId => _scheduler!.Id;

    /// <summary>As a person stops it.</summary>
    public async Task StopSchedulerAsync()
    {
        await _scheduler!.SignalAsync("TERM");
        await _scheduler.WaitForExitAsync(TimeSpan.FromMinutes(1));
        _measured.RemoveAll(process => process.Id == SchedulerId);
    }

    public Task<BurstResult> BurstAsync(BurstPlan plan, CancellationToken cancellationToken) =>
        new BrokerBurst(Address, plan, LastFinishedAsync).RunAsync(cancellationToken);

    public async Task<SteadyResult> SteadyAsync(SteadyPlan plan, CancellationToken cancellationToken)
    {
        using var steady = new BrokerSteady(this, plan);
        return await steady.RunAsync(cancellationToken);
    }

    /// <summary>The workers of a plan that asks for no process: in this one.</summary>
    public Task<FleetHere> StartFleetHereAsync(Func<TaskContext, Task> workAsync, CancellationToken cancellationToken) =>
        StartFleetHereAsync(fleet, workAsync, cancellationToken);

    /// <summary>Workers in this process, beside those of others.</summary>
    public async Task<FleetHere> StartFleetHereAsync(FleetPlan plan, Func<TaskContext, Task> workAsync, CancellationToken cancellationToken)
    {
        var here = new FleetHere(_address, servers.RabbitMq, plan, workAsync);
        await WaitForFleetAsync(_workers + plan.Workers, cancellationToken);
        return here;
    }

    public async Task<long> CountAsync(string sql, CancellationToken cancellationToken) =>
        Convert.ToInt64(await ReadAsync(sql, cancellationToken), CultureInfo.InvariantCulture);

    public async Task<object?> ReadAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Postgres);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>A statement that may take long.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Postgres);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes)) await process.DisposeAsync();
        await ExecuteAsync($"DROP SCHEMA IF EXISTS {_schema} CASCADE", CancellationToken.None);
    }

    private async Task<DateTimeOffset> LastFinishedAsync(CancellationToken cancellationToken) =>
        (DateTime)(await ReadAsync("SELECT max(finished_at) FROM task_history WHERE day >= current_date - 1", cancellationToken))!;

    private async Task WaitForFleetAsync(int workers, CancellationToken cancellationToken) =>
        await Eventually.Async(() => CountAsync("SELECT count(*) FROM workers WHERE liveness = 'online'", cancellationToken),
            count => count >= workers, $"the fleet of {workers} is there", TimeSpan.FromMinutes(10));

    private void Measure(string role, int id) => _measured.Add(new MeasuredProcess(role, id));

    private string[] FleetArguments(FleetPlan plan) =>
    [
        "fleet", "--workers", $"{plan.Workers / plan.Processes}", "--slots", $"{plan.Slots}", "--max-batch", $"{plan.MaxBatch}",
        "--type-handlers", "echo", "--prefix", $"bot{_processes.Count}", "--server", $"{_address}", "--rabbitmq", $"{servers.RabbitMq}",
    ];

    /// <summary>As its users start it.</summary>
    private BrokerProcess Start(string project, IEnumerable<string> arguments)
    {
        var (program, first) = project == Cli ? (Path.Combine(BrokerProcess.Root, "broker"), Array.Empty<string>()) : ("dotnet", [Published(project)]);
        var process = BrokerProcess.Start(program, [.. first, .. arguments], new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = Postgres,
            ["ConnectionStrings__RabbitMq"] = $"{servers.RabbitMq}",
            ["Broker__QueuePrefix"] = $"{_schema}.",
            ["Broker__IdSecret"] = "0123456789abcdef0123456789abcdef",
            ["Logging__LogLevel__Default"] = "Warning",
        });
        _processes.Add(process);
        return process;
    }

    /// <summary>What is measured is what is shipped.</summary>
    private static string Published(string project) => Path.Combine(BrokerProcess.Root, project, "bin", "published", $"{project}.dll");
}
