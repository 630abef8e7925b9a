using System.CommandLine;
using Broker.Agent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Cli;

/// <summary><c>broker fleet</c></summary>
internal sealed class FleetCommand : Verb
{
    private readonly FleetOptions _options = new();

    public FleetCommand() : base("fleet", "Run many bots in this process until Ctrl-C; then they finish what runs and stop.",
        "broker fleet --workers 200 --slots 2",
        "broker fleet --workers 5000 --run-time 50ms --rabbitmq amqp://guest:guest@localhost:5672/",
        "broker fleet --workers 4 --reserve 2 --pool files --type-handlers file.sha256 --file-root /usr/share/doc --transport http")
    {
        Add(ApiOptions.Api);
        foreach (var option in _options.All) Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var screen = new Screen(parsed.InvocationConfiguration, ApiOptions.Table);
        var tally = new FleetTally();
        await using var services = Compose(parsed, screen);
        var settings = SettingsOf(services, parsed);
        var handlers = parsed.GetValue(_options.RunTime) is { } runTime
            ? CountedHandlers.Of(runTime, tally, TimeProvider.System)
            : CountedHandlers.Of(services.GetRequiredService<HandlerSet>(), parsed.GetValue(_options.Types)?.Split(','), tally);

        using var ended = new CancellationTokenSource();
        var line = new FleetLine(screen, tally, settings.Count, TimeProvider.System).RunAsync(ended.Token);
        var run = new FleetRun(
            services.GetRequiredService<IBrokerConnection>(), handlers, tally, TimeProvider.System,
            services.GetRequiredService<ILogger<FleetRun>>());
        var isStopped = await run.RunAsync(settings, cancellationToken);
        await ended.CancelAsync();
        await line;
        await screen.Error.WriteLineAsync($"{tally.Done} done, {tally.Failed} failed by {settings.Count} workers.");
        return isStopped ? ExitCode.Ok : ExitCode.TaskFailed;
    }

    /// <summary>What the agent library makes for one worker serves them all; its own hosted worker is never started.</summary>
    private ServiceProvider Compose(ParseResult parsed, Screen screen)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging => logging.AddProvider(new FleetLog(screen, TimeProvider.System)));
        services.AddSingleton(new HttpClient { Timeout = Timeout.InfiniteTimeSpan });
        FleetHandlers.AddTo(services.AddBrokerAgent(agent => _options.Configure(parsed, agent)));
        // The library's pool is for a bot alone, with connections of its own: thousands of them are more than RabbitMQ takes.
        services.AddSingleton(provider =>
            new ConnectionPool(new RabbitMqOptions(provider.GetRequiredService<IOptions<AgentOptions>>().Value.RabbitMq)));
        return services.BuildServiceProvider();
    }

    private List<AgentSettings> SettingsOf(ServiceProvider services, ParseResult parsed)
    {
        try
        {
            var agent = services.GetRequiredService<IOptions<AgentOptions>>().Value;
            var shared = new WorkerRegistration
            {
                Pool = agent.Pool,
                Slots = agent.Slots,
                Labels = agent.Labels.Count > 0 ? agent.Labels : null,
                MaxBatch = agent.MaxBatch,
                Version = BrokerClient.Version,
            };
            return [.. _options.Roster(parsed).Select(worker =>
                new AgentSettings(shared with { Id = worker.Id, Role = worker.Role }) { DrainLimit = agent.DrainLimit })];
        }
        catch (OptionsValidationException exception)
        {
            throw new CliException(ExitCode.Usage, exception.Message);
        }
    }
}
