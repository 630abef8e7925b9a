using Broker.Contracts;
using Broker.TestKit;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace Broker.Scheduler.Tests;

/// <summary>A leader's bus ends with its leadership, whatever RabbitMQ and the network do meanwhile.</summary>
public sealed class ApiBusTests : IAsyncLifetime
{
    private const int Count = 50;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly QueueNames _names = new($"t{Guid.NewGuid():N}"[..12] + ".");
    private readonly TcpProxy _proxy = new(TestServices.RabbitMq.Host, TestServices.RabbitMq.Port);
    private readonly CancellationTokenSource _over = new();
    private IConnection _connection = null!;
    private IChannel _channel = null!;

    public async ValueTask InitializeAsync()
    {
        _connection = await new ConnectionFactory { Uri = TestServices.RabbitMq }.CreateConnectionAsync();
        _channel = await _connection.CreateChannelAsync();
        await RabbitTopology.DeclareAsync(_channel, _names, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        string[] queues = [_names.Submissions, _names.Commands, _names.Reports, _names.Beats, _names.Quarantine];
        foreach (var queue in queues) await _channel.QueueDeleteAsync(queue);
        await _connection.DisposeAsync();
        await _proxy.DisposeAsync();
        _over.Dispose();
    }

    /// <summary>Neither while it consumes nor while it starts may silence hold it up; later nothing of it is left to consume.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bus_that_is_let_go_while_the_network_is_silent_takes_nothing_from_the_next_leader(bool whileItStarts)
    {
        using var leadership = new CancellationTokenSource();
        var inbox = new Inbox(TimeProvider.System);
        var before = Bus(new UriBuilder(TestServices.RabbitMq) { Port = _proxy.Port }.Uri, inbox).RunAsync(leadership.Token);
        if (whileItStarts) await Eventually.Async(() => Task.FromResult(_proxy.Open), open => open == 2, "its second connection opens", Limit);
        else await ConsumersAsync(1);
        _proxy.ToServer.Close();
        _proxy.ToClient.Close();
        await _proxy.ToServer.FirstHeld.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);

        inbox.Abandon();
        await leadership.CancelAsync();
        await before.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        _proxy.Heal();

        var taken = 0;
        var next = new Inbox(TimeProvider.System);
        var after = Bus(TestServices.RabbitMq, next, PublishAsync).RunAsync(_over.Token);
        await Eventually.Async(() => Task.FromResult(taken += TakeAll(next)), count => count >= Count, $"{Count} submissions come to the next leader", Limit);
        await ConsumersAsync(1);
        await _over.CancelAsync();
        next.Abandon();
        await after;
    }

    [Fact]
    public async Task A_bus_that_could_not_start_whole_leaves_nothing_behind()
    {
        using var leadership = new CancellationTokenSource();
        await _channel.QueueDeleteAsync(_names.Commands, cancellationToken: TestContext.Current.CancellationToken);
        await _channel.QueueDeclareAsync(
            _names.Commands, durable: true, exclusive: false, autoDelete: false, cancellationToken: TestContext.Current.CancellationToken);
        var bus = Bus(TestServices.RabbitMq, new Inbox(TimeProvider.System)).RunAsync(leadership.Token);
        await Eventually.Async(() => _channel.ConsumerCountAsync(_names.Submissions), count => count > 0, "a consumer of submissions", Limit);

        await leadership.CancelAsync();
        await bus.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        await ConsumersAsync(0);
    }

    [Fact]
    public async Task A_bus_let_go_at_any_moment_of_its_start_leaves_nothing_behind()
    {
        for (var round = 0; round < 24; round++)
        {
            using var leadership = new CancellationTokenSource();
            var inbox = new Inbox(TimeProvider.System);
            var bus = Bus(TestServices.RabbitMq, inbox).RunAsync(leadership.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(25 * round), TimeProvider.System, TestContext.Current.CancellationToken);
            inbox.Abandon();
            await leadership.CancelAsync();
            await bus.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        await ConsumersAsync(0);
        Assert.Equal(0u, await _channel.ConsumerCountAsync(_names.Commands, TestContext.Current.CancellationToken));
    }

    private ApiBus Bus(Uri address, Inbox inbox, Func<IBus, CancellationToken, Task>? use = null) => new(
        new RabbitConnections(address, TimeProvider.System, NullLogger<RabbitConnections>.Instance), _names, inbox,
        use ?? ((_, _) => Task.CompletedTask), TimeProvider.System);

    private Task<uint> ConsumersAsync(uint expected) => Eventually.Async(
        () => _channel.ConsumerCountAsync(_names.Submissions), count => count == expected, $"{expected} consumers", Limit);

    private static async Task PublishAsync(IBus bus, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Count; i++)
            await bus.Publish(new TaskSubmitted
            {
                Tenant = "default",
                AcceptedAt = TimeProvider.System.GetUtcNow(),
                Tasks = [new SubmittedTask { Id = Guid.NewGuid(), Type = "echo", Pool = "default", Priority = 4, Cost = 1 }],
            }, cancellationToken);
    }

    private static int TakeAll(Inbox inbox)
    {
        var inputs = inbox.Take(int.MaxValue);
        inputs.Settle();
        return inputs.Submissions.Count;
    }
}
