using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Broker.Agent;

/// <summary>The runnable bot: an agent with handlers that are useful as they are.</summary>
internal static class Bot
{
    private const int UsageError = 2;

    /// <summary>Runs until it is stopped. 0: stopped; 1: it could not go on; 2: wrong arguments.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(BotArguments.Help);
            return 0;
        }
        var (settings, error) = BotArguments.Parse(args);
        if (error is not null)
        {
            Console.Error.WriteLine($"{error} Try --help.");
            return UsageError;
        }

        try
        {
            using var host = Build(settings);
            await host.RunAsync();
            return Environment.ExitCode;
        }
        catch (OptionsValidationException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return UsageError;
        }
        catch (InvalidOperationException exception) when (exception.InnerException is FormatException or ArgumentException)
        {
            // A setting that can't be read at all, as a number of slots that is none.
            Console.Error.WriteLine(exception.Message);
            return UsageError;
        }
    }

    private static IHost Build(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateApplicationBuilder();
        // Tasks must not wait for whoever reads the log; any configuration may say otherwise.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:Console:QueueFullMode", "DropWrite")] });
        builder.Configuration.AddInMemoryCollection(settings);
        if (builder.Configuration["Broker:RabbitMq"] is null && builder.Configuration.GetConnectionString("RabbitMq") is { } address)
            builder.Configuration["Broker:RabbitMq"] = address;

        builder.Services.AddBrokerAgent().AddBotHandlers();
        return builder.Build();
    }

    /// <summary>The handlers every bot of ours has: echo, sleep, http.get, file.sha256.</summary>
    public static BrokerAgentBuilder AddBotHandlers(this BrokerAgentBuilder agent)
    {
        agent.Services.AddSingleton(new HttpClient { Timeout = Timeout.InfiniteTimeSpan });
        return agent
            .AddHandler<EchoHandler>("echo")
            .AddHandler<SleepHandler>("sleep")
            .AddHandler<HttpGetHandler>("http.get")
            .AddHandler<FileSha256Handler>("file.sha256");
    }
}
