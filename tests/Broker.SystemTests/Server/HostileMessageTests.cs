using System.Text;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Whatever lands on a queue: what can't be read is set aside with its reason, and the next message is served.</summary>
public sealed class HostileMessageTests(SharedServer server) : PoolTests(server)
{
    private const string Envelope = "application/vnd.masstransit+json";

    public static TheoryData<string, string> Hostile => new()
    {
        { "submissions", "nonsense" },
        { "submissions", "{}" },
        { "submissions", Message("TaskSubmitted", """{"tasks": "many"}""") },
        { "submissions", Message("TaskSubmitted", """{"acceptedAt": "2026-01-01T00:00:00Z", "tasks": null}""") },
        { "submissions", Message("TaskSubmitted", """{"acceptedAt": "2026-01-01T00:00:00Z", "tasks": [null]}""") },
        { "submissions", Message("TaskSubmitted", Submission("""null""")) },
        { "submissions", Message("TaskSubmitted", Submission("\"a\\u0000b\"")) },
        { "submissions", Message("TaskSubmitted", Submission($"\"{new string('x', 200)}\"")) },
        { "submissions", Message("Unheard", "{}") },
        { "commands", "nonsense" },
        { "commands", Message("Unheard", "{}") },
        { "reports", "nonsense" },
        { "reports", "[]" },
        { "reports", "\0\u0001" },
        { "reports", """{"v": 1, "kind": "explode", "worker": "w", "session": "s"}""" },
        { "reports", """{"v": 1, "kind": "\ud800", "worker": "w", "session": "s"}""" },
        { "reports", """{"v": 1, "kind": "succeeded", "worker": "w", "session": "s", "reports": null}""" },
        { "reports", """{"v": 1, "kind": "succeeded", "worker": "w", "session": "s", "reports": [null]}""" },
        { "reports", """{"v": 1, "kind": "succeeded", "worker": null, "session": "s", "reports": []}""" },
        { "reports", """{"v": 1, "kind": "succeeded", "worker": "w", "session": "\u0000", "reports": []}""" },
        { "reports", """{"v": 1, "kind": "inventory", "worker": "w", "session": "s", "lastOffer": 0, "attempts": null}""" },
        { "reports", "{\"v\": 1, \"kind\": " + new string('[', 10_000) },
        { "beats", "nonsense" },
        { "beats", """{"v": 1, "kind": "beat", "worker": "Not a name", "session": "s"}""" },
        { "beats", """{"v": 1, "kind": "succeeded", "worker": "w", "session": "s"}""" },
        { "beats", """{"v": 1, "kind": "beat", "worker": "w", "session": null}""" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Goes_to_quarantine_and_good_traffic_goes_on(string queue, string message)
    {
        var name = $"{Broker.QueuePrefix}broker.0.{queue}";
        // White space behind its end tells a message from others like it.
        var marked = Encoding.UTF8.GetBytes(message + new string(' ', Random.Shared.Next(1, 60_000 - message.Length)));
        await using (var tap = await RabbitTap.ConnectAsync())
            await tap.PublishAsync("", name, marked, message.StartsWith("{\"messageId\"", StringComparison.Ordinal) ? Envelope : null);

        var bot = await BotAsync("bot");
        var id = await SubmitAsync();
        await bot.SucceedAsync(await bot.StartNextAsync());
        Assert.Equal("succeeded", await Api.StateOfAsync(id));
        var reasons = await Eventually.Async(
            () => Broker.ReadAsync($"SELECT reason FROM quarantine WHERE body = '\\x{Convert.ToHexString(marked)}'"),
            rows => rows.Count > 0, $"{message} is in quarantine");
        Assert.NotEmpty(Assert.Single(reasons));
    }

    private static string Message(string type, string body) =>
        $$"""{"messageId": "{{Guid.NewGuid()}}", "messageType": ["urn:message:Broker.Contracts:{{type}}"], "message": {{body}}}""";

    private static string Submission(string type) =>
        $$"""{"acceptedAt": "2026-01-01T00:00:00Z", "tasks": [{"id": "{{Guid.NewGuid()}}", "type": {{type}}, "priority": 4, "pool": "default", "cost": 1}]}""";
}
