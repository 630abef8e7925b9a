using Broker.Api;
using Broker.Storage;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])) builder.WebHost.UseUrls("http://127.0.0.1:8000");
builder.Services.AddBrokerApi();
builder.Services.AddRabbitMqGateway();
if (builder.Configuration.GetConnectionString("Postgres") is not { Length: > 0 } postgres)
{
    Console.Error.WriteLine("ConnectionStrings:Postgres (ConnectionStrings__Postgres) is missing: set it to the database, e.g. 'Host=localhost;Database=broker;Username=broker'.");
    return 1;
}
builder.Services.AddPostgresStorage(postgres);

try
{
    var app = builder.Build();
    if (await SchemaCheck.FindFaultAsync(app.Services, CancellationToken.None) is { } fault)
    {
        Console.Error.WriteLine(fault);
        return 1;
    }
    app.MapBrokerApi();
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
