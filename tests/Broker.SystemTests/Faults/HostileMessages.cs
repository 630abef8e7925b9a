using System.Text;
using Broker.Contracts;

namespace Broker.SystemTests;

/// <summary>A message nobody should send: none of them can be read as what belongs on its queue.</summary>
internal sealed record HostileMessage(string Queue, byte[] Body, string? ContentType, IReadOnlyDictionary<string, object?>? Headers);

/// <summary>Makes hostile messages by chance; the same seed makes the same ones.</summary>
internal sealed class HostileMessages(QueueNames names, int seed)
{
    private const string Envelope = "application/vnd.masstransit+json";
    private const string Session = "00000000000000000000000000000000";

    private static readonly string[] WrongValues =
        ["17", "-1.5e300", "true", "[]", "{}", "[[[]]]", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"not this\"", "null", "99999999999999999999"];

    private readonly Random _random = new(seed);

    public HostileMessage Next() => _random.Next(6) switch
    {
        0 or 1 => ForBus(names.Submissions, nameof(TaskSubmitted), SubmissionWithout()),
        2 => ForBus(names.Commands, Command(out var body), body),
        3 or 4 => ForWorkers(names.Reports, Report()),
        _ => ForWorkers(names.Beats, Beat()),
    };

    private HostileMessage ForBus(string queue, string type, string body)
    {
        var id = new Guid(Bytes(16));
        string Enveloped(string type, string message) =>
            $$"""{"messageId": "{{id}}", "messageType": ["urn:message:Broker.Contracts:{{type}}"], "faultAddress": "rabbitmq://localhost/evil", "message": {{message}}}""";

        return _random.Next(8) switch
        {
            0 => new(queue, Garbage(), Envelope, null),
            1 => new(queue, Garbage(), Any("text/plain", "application/octet-stream", "not a type", "application/json", "", "\0"), Headers()),
            2 => new(queue, Utf8(Enveloped(Any("Unheard", "TaskSubmitted2", "", "../" + type), body)), Envelope, Headers()),
            3 => new(queue, Utf8(Enveloped(type, Any("null", "17", "[]", "\"text\"", "{}", Nested()))), Envelope, null),
            4 => new(queue, Cut(Utf8(Enveloped(type, body))), Envelope, null),
            _ => new(queue, Utf8(Enveloped(type, body)), Envelope, _random.Next(2) == 0 ? Headers() : null),
        };
    }

    private HostileMessage ForWorkers(string queue, string body) => _random.Next(5) switch
    {
        0 => new(queue, Garbage(), Any("application/json", "text/plain", null), Headers()),
        1 => new(queue, Cut(Utf8(body)), "application/json", null),
        _ => new(queue, Utf8(body), Any("application/json", Envelope, null), _random.Next(2) == 0 ? Headers() : null),
    };

    /// <summary>A submission with one thing wrong.</summary>
    private string SubmissionWithout()
    {
        var id = $"\"{new Guid(Bytes(16))}\"";
        var (at, field, type, pool, requires, priority) = ("\"2026-01-01T00:00:00Z\"", id, "\"echo\"", "\"default\"", "null", "4");
        switch (_random.Next(6))
        {
            case 0: at = Any("17", "\"\"", "\"yesterday\"", "{}", "null"); break;
            case 1: field = Any("17", "\"\"", "\"x\"", "[]", "null"); break;
            case 2: type = Any("17", "null", "\"\"", "\"\\u0000\"", $"\"{new string('x', 200)}\"", "[]"); break;
            case 3: pool = Any("17", "null", "\"\"", "\"Not A Name\"", "\"\\u0000\"", "{}"); break;
            case 4: requires = Any("17", "[1]", "{\"a\": 17}", "{\"a\": \"\\u0000\"}", "{\"a\": null}"); break;
            default: priority = Any("\"high\"", "null", "4.5", "99999999999", "[]"); break;
        }
        var task = $$"""{"id": {{field}}, "type": {{type}}, "priority": {{priority}}, "pool": {{pool}}, "cost": 1, "requires": {{requires}}}""";
        return _random.Next(8) switch
        {
            0 => $$"""{"acceptedAt": "2026-01-01T00:00:00Z", "tasks": {{Any("17", "null", "[]", "[null]", "{}", "\"many\"", "[17]")}}}""",
            1 => $$"""{"acceptedAt": "2026-01-01T00:00:00Z", "tasks": [{{string.Join(',', Enumerable.Repeat(task, 1_001))}}]}""",
            _ => $$"""{"acceptedAt": {{at}}, "tasks": [{{task}}]}""",
        };
    }

    /// <summary>A command with a value of a type it can't be.</summary>
    private string Command(out string body)
    {
        (var type, body) = _random.Next(7) switch
        {
            0 => (nameof(CancelTask), $$"""{"task": {{Any("17", "\"x\"", "[]", "null")}}, "reason": "r"}"""),
            1 => (nameof(RetryTask), """{"reason": "no task"}"""),
            2 => (nameof(ExplainTask), $$"""{"task": {{Any("{}", "true", "\"\\u0000\"")}}}"""),
            3 => (nameof(WaitTasks), $$"""{"tasks": {{Any("17", "[17]", "[null]", "\"x\"")}}, "timeout": "00:00:01"}"""),
            4 => (nameof(RegisterWorker), $$"""{"worker": "w", "session": "{{Session}}", "pool": "default", "slots": {{Any("\"x\"", "1.5", "null", "[]")}}, "role": "active", "transport": "http", "maxBatch": 1}"""),
            5 => (nameof(BeatWorkers), $$"""{"beats": {{Any("17", "\"x\"", "[17]")}}}"""),
            _ => (nameof(ReportAttempts), $$"""{"reports": {{Any("17", "\"x\"", "[17]", "[{}]")}}}"""),
        };
        return type;
    }

    private string Report()
    {
        var wrong = Any(WrongValues);
        return _random.Next(6) switch
        {
            0 => $$"""{"v": 1, "kind": {{wrong}}, "worker": "w", "session": "{{Session}}", "reports": []}""",
            1 => $$"""{"v": 1, "kind": "succeeded", "worker": {{wrong}}, "session": "{{Session}}", "reports": [{{AReport("1", "\"t\"")}}]}""",
            2 => $$"""{"v": 1, "kind": "failed", "worker": "w", "session": "{{Session}}", "reports": {{Any("17", "null", "[]", "[null]", "{}", Nested())}}}""",
            3 => $$"""{"v": 1, "kind": "started", "worker": "w", "session": "{{Session}}", "reports": [{{AReport(Any("\"x\"", "null", "1.5", "[]"), "\"t\"")}}]}""",
            4 => $$"""{"v": 1, "kind": "progress", "worker": "w", "session": "{{Session}}", "reports": [{{AReport("1", Any("17", "null", "[]", "\"\\u0000\""))}}]}""",
            _ => $$"""{"v": 1, "kind": "inventory", "worker": "w", "session": "{{Session}}", "lastOffer": {{Any("\"x\"", "null", "[]")}}, "attempts": []}""",
        };
    }

    private string AReport(string attempt, string token) =>
        $$"""{"task": "{{new Guid(Bytes(16))}}", "attempt": {{attempt}}, "token": {{token}}}""";

    private string Beat() => _random.Next(3) switch
    {
        0 => $$"""{"v": 1, "kind": {{Any(WrongValues)}}, "worker": "w", "session": "{{Session}}"}""",
        1 => $$"""{"v": 1, "kind": "beat", "worker": {{Any(WrongValues)}}, "session": "{{Session}}"}""",
        _ => $$"""{"v": 1, "kind": "beat", "worker": "w", "session": {{Any("17", "null", "\"\"", "\"\\u0000\"", "[]", $"\"{new string('s', 200)}\"")}}}""",
    };

    /// <summary>Bytes of all lengths up to, now and then, 1 MiB; never JSON.</summary>
    private byte[] Garbage()
    {
        var bytes = Bytes(_random.Next(200) switch { 0 => _random.Next(1 << 20), < 50 => _random.Next(8), _ => _random.Next(2_000) });
        if (bytes.Length > 0) bytes[0] = 0xFF;
        return bytes;
    }

    private byte[] Cut(byte[] body) => body[.._random.Next(body.Length - 1)];

    private Dictionary<string, object?> Headers() => new()
    {
        ["MT-Fault-Address"] = "rabbitmq://localhost/evil",
        [Any("x-death", "x", "MT-Redelivery-Count", new string('h', 200))] = Any<object?>(17, Bytes(20), "text", null, new Dictionary<string, object?>()),
    };

    private string Nested()
    {
        var depth = _random.Next(100, 5_000);
        return new string('[', depth) + new string(']', depth);
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Any<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
