using Broker.Storage;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>The API as a process.</summary>
internal static class ApiProgram
{
    /// <summary>Runs until it is stopped. 0: stopped; 1: it could not start, and said why.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        // Four lines a request are too many, and requests must not wait for whoever reads the log; any configuration may say otherwise.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"), new("Logging:Console:QueueFullMode", "DropWrite")],
        });
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])) builder.WebHost.UseUrls("http://127.0.0.1:8000");
        if (builder.Configuration.GetConnectionString("Postgres") is not { Length: > 0 } postgres)
            return Refuse("ConnectionStrings:Postgres (ConnectionStrings__Postgres) is missing: set it to the database, e.g. 'Host=localhost;Database=broker;Username=broker'.");
        if (!Uri.TryCreate(builder.Configuration.GetConnectionString("RabbitMq"), UriKind.Absolute, out var rabbitMq) || rabbitMq.Scheme is not ("amqp" or "amqps"))
            return Refuse("ConnectionStrings:RabbitMq (ConnectionStrings__RabbitMq) must be an address such as amqp://user:password@host:5672/.");

        builder.Services.AddPostgresStorage(postgres);
        builder.Services.AddBrokerApi();
        builder.Services.AddRabbitMqGateway(rabbitMq);

        try
        {
            var app = builder.Build();
            _ = app.Services.GetRequiredService<IOptions<ApiOptions>>().Value; // Now, so that a wrong value ends in one sentence.
            if (await SchemaCheck.FindFaultAsync(app.Services, CancellationToken.None) is { } fault) return Refuse(fault);

            app.MapBrokerApi();
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            return Refuse(exception.Message);
        }
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine(reason);
        return 1;
    }
}
