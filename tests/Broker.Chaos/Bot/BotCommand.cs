using Broker.Agent;
using Broker.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Broker.Chaos;

/// <summary><c>bot FOLDER options</c>: a bot of the real library whose handler and registrations write into the run's history.</summary>
internal static class BotCommand
{
    /// <summary>Runs until it is stopped. The options are those of the runnable bot.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var (settings, error) = BotArguments.Parse(args[1..]);
        if (error is not null)
        {
            await Console.Error.WriteLineAsync(error);
            return 2;
        }
        using var history = new HistoryLog(args[0], settings["Broker:Id"]!);
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(history).AddSingleton(new AttemptOffers(settings["Broker:Id"]!));
        builder.Services.AddBrokerAgent().AddHandler<ChaosHandler>("chaos");
        // The last one added wins.
        builder.Services.AddSingleton<IBrokerConnection>(provider => new RecordedConnection(
            settings.GetValueOrDefault("Broker:Transport") == WorkerTransport.Http
                ? ActivatorUtilities.CreateInstance<HttpConnection>(provider)
                : ActivatorUtilities.CreateInstance<RabbitMqConnection>(provider),
            history, provider.GetRequiredService<AttemptOffers>()));
        using var host = builder.Build();
        await host.RunAsync();
        return Environment.ExitCode;
    }
}
