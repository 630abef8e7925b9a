using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>What RabbitMQ 4.3 would refuse is refused here already, whatever version the tests run on.</summary>
public class QueueShapeTests
{
    /// <summary>Arguments that 4.3 takes; it knows no <c>x-queue-mode</c>, no version 1 queues and no transient shared ones.</summary>
    private static readonly string[] Allowed =
    [
        "x-queue-type", "x-delivery-limit", "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-message-ttl", "x-max-length",
        "x-overflow", "x-expires",
    ];

    /// <summary>Row 49 of the faults.</summary>
    [Fact]
    public async Task Every_queue_is_one_that_RabbitMQ_4_3_takes()
    {
        await using var broker = await ServerBroker.StartAsync();
        broker.StartAgent("bot-1");
        var id = await broker.Api.SubmitAsync(new { type = "echo" });
        await broker.Api.WaitForStateAsync(id, "succeeded", TimeSpan.FromSeconds(60));

        var queues = (await ListAsync()).Where(queue => ((string)queue["name"]!).StartsWith(broker.QueuePrefix, StringComparison.Ordinal)).ToList();

        Assert.Equal(6, queues.Count);           // five shared ones and the worker's own
        Assert.All(queues, queue =>
        {
            Assert.True((bool)queue["durable"]! || (bool)queue["exclusive"]!, $"{queue["name"]} is transient and shared.");
            Assert.Contains((string?)queue["arguments"]!["x-queue-type"], new[] { "classic", "quorum" });
            Assert.Empty(queue["arguments"]!.AsObject().Select(argument => argument.Key).Except(Allowed));
        });
    }

    private static async Task<List<JsonNode>> ListAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(TestServices.RabbitMq.UserInfo))));
        var text = await http.GetStringAsync(new Uri(TestServices.RabbitMqApi, "api/queues"));
        return [.. JsonNode.Parse(text)!.AsArray().Select(queue => queue!)];
    }
}
