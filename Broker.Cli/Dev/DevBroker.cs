using Broker.Agent;
using Broker.Api;
using Broker.Scheduler;
using Broker.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Broker.Cli;

/// <summary>The whole of Broker in one process, on SQLite and without RabbitMQ.</summary>
internal sealed class DevBroker(DevSettings settings, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.FileRoot is { } root && !Directory.Exists(root))
            throw new CliException(ExitCode.Usage, $"There is no folder {root}.", "Give --file-root a folder that exists.");

        var damage = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var app = Build(found => damage.TrySetResult(found));
        await StartAsync(app, cancellationToken);
        var service = ServeAsync(app, cancellationToken);
        // Neither stopped nor disposed then: both would write to what is damaged. The process ends, as by kill -9.
        if (await Task.WhenAny(service, damage.Task) == damage.Task) throw Damaged(await damage.Task);

        await using (app) await service;
        return ExitCode.Ok;
    }

    private WebApplication Build(Action<string> onDamage)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.Port}");
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Configuration[$"{Api.ApiOptions.Section}:{nameof(Api.ApiOptions.IdSecret)}"] = new DataFolder(settings.Data).IdSecret();

        var services = builder.Services;
        services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        services.AddSqliteStorage(settings.Data, onDamage);
        services.AddBrokerApi();
        services.AddSingleton<ISchedulerGateway, InProcessGateway>();
        services.AddEmbeddedScheduler(new SchedulerOptions());
        AddAgents(services);
        return builder.Build();
    }

    /// <summary>Added last, so that the workers stop first and their last reports are still taken.</summary>
    private void AddAgents(IServiceCollection services)
    {
        services.AddSingleton(Options.Create(new AgentOptions { FileRoot = settings.FileRoot }));
        services.AddSingleton<IBrokerConnection, InProcessConnection>();
        new BrokerAgentBuilder(services).AddBotHandlers();
        services.AddSingleton(settings);
        services.AddHostedService<DevAgents>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
    }

    private async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(app.Services, cancellationToken);
            app.MapBrokerApi();
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new CliException(ExitCode.Unreachable, exception.Message, "Stop what uses the port, or choose another one with --port.");
        }
        catch (StoreDamagedException exception)
        {
            throw Damaged(exception.Message);
        }
        catch (StoreUnavailableException exception)
        {
            throw new CliException(ExitCode.Unreachable, exception.Message);
        }
    }

    private static async Task MigrateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<ISchema>().MigrateAsync(cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            throw new CliException(ExitCode.Unreachable, exception.Message);
        }
    }

    private CliException Damaged(string found) => new(ExitCode.Unreachable, found,
        $"Put a copy of {settings.Data} in its place, made while Broker was stopped, or choose another folder with --data.");

    private async Task ServeAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await GreetAsync(app.Services, cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        await output.WriteLineAsync("Stopped. The next start goes on from here.");
    }

    private async Task GreetAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<InProcessHub>().AttachedAsync(cancellationToken);
        var api = settings.Address.OriginalString;
        const string Task = """{"type": "echo", "payload": {"hello": "world"}}""";
        await output.WriteLineAsync($"""
            Broker runs.  API   {api}
                          docs  {api}/api/docs
                          data  {settings.Data}
                          {settings.Workers} active and {settings.Reserve} reserve workers, {settings.Slots} slots each; Ctrl-C drains and stops

            Try:  curl -s '{api}/v1/tasks?wait=10s' -H 'Content-Type: application/json' -d '{Task}'
            """);
    }
}
