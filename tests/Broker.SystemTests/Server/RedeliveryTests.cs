namespace Broker.SystemTests;

/// <summary>A message that comes again runs nothing again.</summary>
public sealed class RedeliveryTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task A_submission_published_again_runs_nothing_neither_before_nor_after_its_tasks_have_finished()
    {
        await using var tap = await RabbitTap.ConnectAsync();
        var exchange = $"{Broker.QueuePrefix}Broker.Contracts:TaskSubmitted";
        var heard = await tap.ListenAsync(exchange);
        var ids = await SubmitManyAsync(20);
        var (body, contentType) = await OfOursAsync(tap, heard, ids[0]);

        await tap.PublishAsync(exchange, "", body, contentType);
        StartAgent("bot", slots: 4);
        await Api.WaitForAllAsync(ids, Patience);
        var before = await EventsAsync(ids);
        await tap.PublishAsync(exchange, "", body, contentType);

        // Submissions are taken in order: once a later one has run, the repeated one was dealt with.
        await Api.WaitForStateAsync(await SubmitAsync(new { priority = 0 }), "succeeded");
        Assert.Equal(before, await EventsAsync(ids));
        Assert.All(before, events => Assert.Single(events.Split(','), "offered"));
    }

    private async Task<List<string>> EventsAsync(List<string> ids)
    {
        var events = new List<string>();
        foreach (var id in ids) events.Add(string.Join(',', (await Api.EventsAsync(id)).Select(step => (string)step["event"]!)));
        return events;
    }

    /// <summary>Other tests submit too.</summary>
    private static async Task<(ReadOnlyMemory<byte> Body, string? ContentType)> OfOursAsync(RabbitTap tap, string queue, string id)
    {
        while (true)
        {
            var message = await tap.NextAsync(queue);
            if (System.Text.Encoding.UTF8.GetString(message.Body.Span).Contains(id, StringComparison.Ordinal)) return message;
        }
    }
}
