using Broker.Agent;
using Broker.Api;
using Broker.Scheduler;
using Broker.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Cli;

/// <summary>The whole of Broker in one process, on SQLite and without RabbitMQ.</summary>
internal sealed class DevBroker(DevSettings settings, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.FileRoot is { } root && !Directory.Exists(root))
            throw new CliException(ExitCode.Usage, $"There is no folder {root}.", "Give --file-root a folder that exists.");

        await using var app = Build();
        await PrepareAsync(app.Services, cancellationToken);
        app.MapBrokerApi();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new CliException(ExitCode.Unreachable, exception.Message, "Stop what uses the port, or choose another one with --port.");
        }
        await GreetAsync(app.Services, cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        await output.WriteLineAsync("Stopped. The next start goes on from here.");
        return ExitCode.Ok;
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.Port}");
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Configuration[$"{Api.ApiOptions.Section}:{nameof(Api.ApiOptions.IdSecret)}"] = new DataFolder(settings.Data).IdSecret();

        var services = builder.Services;
        services.AddSqliteStorage(settings.Data);
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

    private static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
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
