namespace Broker.Bench;

/// <summary>What every system is given: a payload of 100 bytes, which comes back as the result.</summary>
internal static class NoopTask
{
    public const string Payload = """{"bot":"4711","url":"https://example.org/items/0815?page=7","depth":3,"note":"abcdefghijklmnopqrst"}""";

    public const string Json = $$"""{"type":"echo","payload":{{Payload}}}""";

    public static string JsonOf(string payload) => $$"""{"type":"echo","payload":{{payload}}}""";
}
