using System.Collections.Concurrent;
using Broker.Contracts;
using Broker.TestKit;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Broker.Api.Tests;

/// <summary>A gateway on the tests' RabbitMQ, with its own prefix, through a connection tests can stall.</summary>
public sealed class BusFixture : IAsyncLifetime
{
    private readonly Uri address = TestServices.RabbitMq;
    private readonly List<IBusControl> schedulers = [];
    private IHost? host;

    internal QueueNames Names { get; } = new($"t{Guid.NewGuid():N}."[..9] + ".");
    internal TcpProxy Proxy { get; private set; } = null!;
    internal ISchedulerGateway Gateway => host!.Services.GetRequiredService<ISchedulerGateway>();
    internal ConcurrentQueue<TaskSubmitted> Received { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Proxy = new TcpProxy(address.Host, address.Port);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<ApiOptions>(options => options.QueuePrefix = Names.Prefix);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddRabbitMqGateway(new UriBuilder(address) { Host = "127.0.0.1", Port = Proxy.Port }.Uri);
        host = builder.Build();
        await host.StartAsync();
        await Eventually.Async(() => Task.FromResult(Gateway.Trouble), trouble => trouble is null, "the gateway to connect");
    }

    /// <summary>The scheduler's side as MassTransit builds it; null for no reply.</summary>
    internal async Task StartSchedulerAsync(Func<CancelTask, object?> cancel)
    {
        var scheduler = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(address);
            rabbit.ConfigureJsonSerializerOptions(json =>
            {
                json.MaxDepth = 128;
                return json;
            });
            rabbit.MessageTopology.SetEntityNameFormatter(
                new PrefixEntityNameFormatter(rabbit.MessageTopology.EntityNameFormatter, Names.Prefix));
            rabbit.ReceiveEndpoint(Names.Submissions, endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.Handler<TaskSubmitted>(context =>
                {
                    Received.Enqueue(context.Message);
                    return Task.CompletedTask;
                });
            });
            rabbit.ReceiveEndpoint(Names.Commands, endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.Handler<CancelTask>(context =>
                    cancel(context.Message) is { } reply ? context.RespondAsync(reply) : Task.CompletedTask);
            });
        });
        schedulers.Add(scheduler);
        await scheduler.StartAsync(TestContext.Current.CancellationToken);
    }

    internal async Task<bool> HasQueueAsync(string name)
    {
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            await channel.QueueDeclarePassiveAsync(name);
            return true;
        }
        catch (OperationInterruptedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Proxy.ToServer.Open();
        foreach (var scheduler in schedulers) await scheduler.StopAsync(CancellationToken.None);
        await host!.StopAsync();
        host.Dispose();
        await Proxy.DisposeAsync();
        await DeleteAsync();
    }

    private async Task DeleteAsync()
    {
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var name in new[] { Names.Submissions, Names.Commands })
        {
            await channel.QueueDeleteAsync(name);
            await channel.ExchangeDeleteAsync(name);
        }
        foreach (var type in new[] { nameof(TaskSubmitted), nameof(CancelTask) })
            await channel.ExchangeDeleteAsync($"{Names.Prefix}Broker.Contracts:{type}");
    }
}
