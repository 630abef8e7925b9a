using System.Diagnostics;
using Broker.TestKit;
using RabbitMQ.Client;

namespace Broker.SystemTests;

/// <summary>Hostile messages among good traffic.</summary>
public sealed class HostileTrafficTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Row 27 of the faults: a message that can't be read is kept aside, and the queue moves on.</summary>
    [Fact]
    public async Task Thousands_of_hostile_messages_all_go_to_quarantine_and_good_traffic_is_unaffected()
    {
        var count = FullRun.Of(2_000, 20_000);
        await using var broker = await ServerBroker.StartAsync();
        broker.StartAgent("bot", slots: 8);
        var watch = Stopwatch.StartNew();

        var sent = SendAsync(broker, count);
        var good = new List<string>();
        while (!sent.IsCompleted || good.Count < 500)
            good.AddRange(await broker.Api.SubmitAllAsync(Enumerable.Repeat(new { type = "echo" }, 50)));
        var bySource = await sent;
        var states = await broker.Api.WaitForAllAsync(good, Patience);

        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        var quarantined = await Eventually.Async(
            () => broker.ReadAsync("SELECT source || ' ' || count(*) FROM quarantine GROUP BY source ORDER BY source"),
            rows => rows.Sum(row => int.Parse(row.Split(' ')[1])) >= count, $"{count} messages are in quarantine", TimeSpan.FromSeconds(60));
        output.WriteLine($"{count} hostile messages and {good.Count} tasks in {watch.Elapsed.TotalSeconds:F1} s: {string.Join(", ", quarantined)}");
        Assert.Equal(bySource, quarantined);
        Assert.Equal(["0"], await broker.ReadAsync("SELECT count(*)::text FROM quarantine WHERE reason = ''"));
    }

    /// <summary>How many went to each queue.</summary>
    private static async Task<List<string>> SendAsync(ServerBroker broker, int count)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.RabbitMq }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var messages = new HostileMessages(broker.Queues, seed: 20_261);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var confirms = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var message = messages.Next();
            var properties = new BasicProperties { Persistent = true, ContentType = message.ContentType, Headers = message.Headers?.ToDictionary() };
            confirms.Add(channel.BasicPublishAsync("", message.Queue, mandatory: true, properties, message.Body).AsTask());
            counts[message.Queue] = counts.GetValueOrDefault(message.Queue) + 1;
            if (confirms.Count < 100) continue;

            await Task.WhenAll(confirms);
            confirms.Clear();
        }
        await Task.WhenAll(confirms);
        return [.. counts.Select(entry => $"{entry.Key} {entry.Value}")];
    }
}
