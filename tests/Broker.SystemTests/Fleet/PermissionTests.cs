using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Broker.TestKit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Broker.SystemTests;

/// <summary>Row 70 of the faults: what a bot can do that has the RabbitMQ permissions of docs/operations.md.</summary>
public sealed class PermissionTests(SharedServer server) : PoolTests(server)
{
    private readonly string _user = $"bots-{Guid.NewGuid():N}"[..12];
    private HttpClient _management = null!;

    private Uri Address => new UriBuilder(Broker.RabbitMq) { UserName = _user, Password = _user }.Uri;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _management = new HttpClient { BaseAddress = TestServices.RabbitMqApi };
        _management.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Broker.RabbitMq.UserInfo)));
        await PutAsync($"api/users/{_user}", new { password = _user, tags = "" });
        var (configure, write, read) = Documented();
        await PutAsync($"api/permissions/%2F/{_user}", new { configure, write, read });
    }

    public override async ValueTask DisposeAsync()
    {
        using (await _management.DeleteAsync(new Uri($"api/users/{_user}", UriKind.Relative))) _management.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task It_is_enough_to_work()
    {
        await using var fleet = new BotFleet(Broker, Address);
        _ = fleet.Start($"{Pool}-bot", Pool);
        fleet.Release();

        await Api.WaitForStateAsync(await SubmitAsync(new { type = "hold" }), "succeeded", Patience);
    }

    [Fact]
    public async Task It_is_not_enough_to_make_change_or_remove_anything_or_to_write_elsewhere()
    {
        var bot = await BotQueueAsync();
        await RefusesAsync(channel => channel.QueueDeclareAsync($"{bot}-2", durable: true, exclusive: false, autoDelete: false));
        await RefusesAsync(channel => channel.QueueDeclareAsync());
        await RefusesAsync(channel => channel.ExchangeDeclareAsync($"{Pool}-exchange", ExchangeType.Fanout));
        await RefusesAsync(channel => channel.QueueDeleteAsync(bot));
        await RefusesAsync(channel => channel.QueueBindAsync(bot, $"{Broker.QueuePrefix}Broker.Contracts:TaskSubmitted", ""));
        await RefusesAsync(channel => channel.QueueBindAsync(bot, "amq.fanout", ""));
        await RefusesAsync(channel => channel.BasicPublishAsync("amq.fanout", "", "{}"u8.ToArray()).AsTask());
        await RefusesAsync(channel => channel.BasicPublishAsync($"{Broker.QueuePrefix}Broker.Contracts:TaskSubmitted", "", "{}"u8.ToArray()).AsTask());
        await RefusesAsync(channel => channel.BasicGetAsync(Broker.Queues.Reports, autoAck: false));
        await RefusesAsync(channel => channel.QueuePurgeAsync(Broker.Queues.Submissions));
    }

    /// <summary>The queue of a worker that is registered and not connected.</summary>
    private async Task<string> BotQueueAsync() =>
        (string)(await Api.PostAsync("/v1/workers", new { id = $"{Pool}-bot", pool = Pool }))["queue"]!;

    /// <summary>Configure, write and read as the page says, for queues under the tests' prefix.</summary>
    private static (string Configure, string Write, string Read) Documented()
    {
        var line = File.ReadLines(Path.Combine(BrokerProcess.Root, "docs", "operations.md"))
            .Single(line => line.Contains("set_permissions", StringComparison.Ordinal)).Split('\'');
        return (line[1], line[3], line[5].Replace("^", "", StringComparison.Ordinal));
    }

    private async Task RefusesAsync(Func<IChannel, Task> action)
    {
        await using var connection = await new ConnectionFactory { Uri = Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var refused = await Assert.ThrowsAnyAsync<RabbitMQClientException>(() => action(channel));
        Assert.Equal(Constants.AccessRefused, (channel.CloseReason?.ReplyCode ?? (refused as OperationInterruptedException)?.ShutdownReason?.ReplyCode) ?? 0);
    }

    private async Task PutAsync(string path, object body)
    {
        using var response = await _management.PutAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
    }
}
