using Broker.Contracts;
using Broker.Scheduler;
using Broker.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
if (builder.Configuration.GetConnectionString("Postgres") is not { Length: > 0 } postgres)
    return Refuse("ConnectionStrings:Postgres (ConnectionStrings__Postgres) is missing: set it to the database, e.g. 'Host=localhost;Database=broker;Username=broker'.");
if (!Uri.TryCreate(builder.Configuration.GetConnectionString("RabbitMq"), UriKind.Absolute, out var rabbitMq) || rabbitMq.Scheme is not ("amqp" or "amqps"))
    return Refuse("ConnectionStrings:RabbitMq (ConnectionStrings__RabbitMq) must be an address such as amqp://user:password@host:5672/.");

builder.Services.AddPostgresStorage(postgres);
builder.Services.AddBrokerScheduler(rabbitMq, new SchedulerOptions { Queues = new QueueNames(builder.Configuration["Broker:QueuePrefix"] ?? "") });
using var host = builder.Build();
if (await host.Services.GetRequiredService<ISchema>().CheckAsync(CancellationToken.None) is { } fault) return Refuse(fault);

await host.RunAsync();
return 0;

static int Refuse(string reason)
{
    Console.Error.WriteLine(reason);
    return 1;
}
