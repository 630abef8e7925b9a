using System.Globalization;
using Broker.Contracts;
using Broker.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Broker.Scheduler;

/// <summary>The scheduler as a process.</summary>
internal static class SchedulerProgram
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is stopped. 0: stopped; 1: it could not start, and said why.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        // Quartz tells its whole start, and turns must not wait for whoever reads the log; any configuration may say otherwise.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("Logging:LogLevel:Quartz", "Warning"), new("Logging:Console:QueueFullMode", "DropWrite")],
        });
        if (builder.Configuration.GetConnectionString("Postgres") is not { Length: > 0 } postgres)
            return Refuse("ConnectionStrings:Postgres (ConnectionStrings__Postgres) is missing: set it to the database, e.g. 'Host=localhost;Database=broker;Username=broker'.");
        if (!Uri.TryCreate(builder.Configuration.GetConnectionString("RabbitMq"), UriKind.Absolute, out var rabbitMq) || rabbitMq.Scheme is not ("amqp" or "amqps"))
            return Refuse("ConnectionStrings:RabbitMq (ConnectionStrings__RabbitMq) must be an address such as amqp://user:password@host:5672/.");

        if (!Enum.TryParse<PublishedEvents>(builder.Configuration["Broker:PublishEvents"] ?? nameof(PublishedEvents.Fleet), ignoreCase: true, out var publish)
            || !Enum.IsDefined(publish))
            return Refuse("Broker:PublishEvents (Broker__PublishEvents) must be none, fleet or all.");

        if (!double.TryParse(builder.Configuration["Broker:LeaseScale"] ?? "1", CultureInfo.InvariantCulture, out var leaseScale)
            || leaseScale is not (>= 0.01 and <= 1))
            return Refuse("Broker:LeaseScale (Broker__LeaseScale) must be 0.01 to 1; it is for tests of faults.");

        builder.Services.AddPostgresStorage(postgres);
        builder.Services.AddBrokerScheduler(rabbitMq, new SchedulerOptions
        {
            Queues = new QueueNames(builder.Configuration["Broker:QueuePrefix"] ?? ""),
            Publish = publish,
            LeaseScale = leaseScale,
        });
        using var host = builder.Build();
        if (await FaultOfAsync(host.Services.GetRequiredService<ISchema>()) is { } fault) return Refuse(fault);

        await host.RunAsync();
        return 0;
    }

    /// <summary>Waits for a database that is away: whoever starts processes again may wait longer each time.</summary>
    private static async Task<string?> FaultOfAsync(ISchema schema)
    {
        for (var wasTold = false; ; wasTold = true)
        {
            try
            {
                return await schema.CheckAsync(CancellationToken.None);
            }
            catch (StoreUnavailableException exception)
            {
                if (!wasTold) await Console.Error.WriteLineAsync($"The database can't be reached; trying on. {exception.Message}");
                await Task.Delay(RetryEvery, TimeProvider.System);
            }
        }
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine(reason);
        return 1;
    }
}
