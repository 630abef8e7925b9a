using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Broker.SystemTests;

/// <summary>Makes requests from the OpenAPI document, most of them broken somewhere. The same number makes the same request.</summary>
/// <param name="document">The OpenAPI document.</param>
/// <param name="ids">Ids that exist, to get past the door.</param>
internal sealed class HttpFuzzer(JsonNode document, IReadOnlyList<string> ids, int seed)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW", "get"];

    private static readonly string[] OddJson =
    [
        "null", "true", "0", "-1", "1e400", "1.7976931348623157e308", "9223372036854775808", "99999999999999999999999999", "0.1e-400", "-0", "NaN",
        "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\u202e\u0000x\"", "\"\uffff\"", "\"a\u0301\u200d\U0001F469\u200d\U0001F4BB\"",
        "\"' OR 1=1; --\"", "\"../../etc/passwd\"", "\"{{7*7}}\"", "\"1ms\"", "\"PT0.0000001S\"", "\"99999999999d\"", "\"-5s\"", "\"P1Y\"", "[]", "{}",
        "[null]", "{\"\":{}}", "{\"a\":1,\"a\":2}", "[[[[[[[[[[]]]]]]]]]]", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"",
    ];

    private static readonly string[] OddText =
    [
        "", "%00", "%ff%fe", "..%2f..%2f", "a%20b", "%u0041", "-", "_", "A", "💥", "%F0%9F%92%A5", "0", "-1", "99999999999999999999", "1e9", "null", "true",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{id}", "*", "'", "%27%3B--", "AAAA", "eyJhIjoxfQ", "%", "%zz",
        "9999-12-31T23:59:59Z", "0001-01-01", "queued", "succeeded", "default", "1ms", "100us", "PT1S",
    ];

    private readonly List<(string Path, string Method, JsonNode Operation)> _operations =
    [
        .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key.ToUpperInvariant(), operation.Value!))),
    ];

    /// <summary>A whole request as it goes over the wire. Raw ones may be none at all.</summary>
    public (byte[] Bytes, bool IsRaw) Make(int number)
    {
        var random = new Random(HashCode.Combine(0, seed) ^ (number * 7_919));
        return random.Next(20) == 0 ? (Raw(random), true) : (Structured(random), false);
    }

    private byte[] Structured(Random random)
    {
        var (path, method, operation) = Any(random, _operations);
        if (random.Next(20) == 0) method = Any(random, Methods);
        var body = operation["requestBody"] is { } described ? Body(random, described) : random.Next(20) == 0 ? "{}"u8.ToArray() : [];

        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{method} {FillPath(random, path)}{Query(random, operation)} HTTP/1.1\r\nHost: localhost\r\n");
        if (body.Length > 0 || random.Next(10) == 0)
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {(random.Next(15) == 0 ? Any(random, "text/plain", "application/json; charset=utf-7", "application/xml", "*/*", "x") : "application/json")}\r\n");
        if (random.Next(5) == 0) head.Append(CultureInfo.InvariantCulture, $"Idempotency-Key: {Header(random)}\r\n");
        if (random.Next(10) == 0) head.Append(CultureInfo.InvariantCulture, $"{Any(random, "Accept", "X-Forwarded-For", "Range", "If-Match", "Cookie", "traceparent", "Authorization", "Content-Encoding")}: {Header(random)}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. body];
    }

    private string FillPath(Random random, string path)
    {
        var filled = path;
        while (filled.IndexOf('{', StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = filled.IndexOf('}', start);
            var value = filled[start..end].Contains("attempt", StringComparison.Ordinal) && random.Next(4) > 0 ? "1"
                : random.Next(3) > 0 ? Any(random, ids) : Ascii(Any(random, OddText)).Replace("{id}", "id", StringComparison.Ordinal);
            filled = filled[..start] + value + filled[(end + 1)..];
        }
        return random.Next(40) == 0 ? filled + Any(random, "/", "//", "/x", ";a=b", "%2f", "#x") : filled;
    }

    private static string Query(Random random, JsonNode operation)
    {
        var known = (operation["parameters"]?.AsArray() ?? []).Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string)parameter!["name"]!);
        var pairs = known.Where(_ => random.Next(3) == 0).Select(name => $"{name}={Value(random, name)}").ToList();
        if (random.Next(20) == 0) pairs.Add($"{Any(random, "limit", "cursor", "wait", "x", "")}={Ascii(Any(random, OddText))}");
        if (pairs.Count > 0 && random.Next(10) == 0) pairs.AddRange(Enumerable.Repeat(pairs[0], random.Next(1, 50)));
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    /// <summary>Waits stay short, else the fuzzer would only wait.</summary>
    private static string Value(Random random, string name) => name == "wait" ? Any(random, "1ms", "0s", "x", "-1s", "99d", "") : Ascii(Any(random, OddText));

    private static string Header(Random random) => random.Next(4) switch
    {
        0 => new string('k', random.Next(300)),
        1 => "k" + random.Next(5),
        2 => Encoding.Latin1.GetString([.. Enumerable.Range(0, 10).Select(_ => (byte)random.Next(0x20, 0x100)).Where(letter => letter != 0x7F)]),
        _ => Any(random, "gzip", "*", "bytes=0-", "\"x\"", "00-0-0-00", "Basic Og==", "a\tb"),
    };

    private byte[] Body(Random random, JsonNode described)
    {
        var schema = described["content"]!["application/json"]!["schema"]!;
        var text = Json(random, schema, depth: 0, breakOdds: random.Next(4) == 0 ? 0 : 12);
        return random.Next(25) switch
        {
            0 => Encoding.UTF8.GetBytes(text[..random.Next(text.Length + 1)]),
            1 => [.. Encoding.UTF8.GetBytes(text), 0],
            2 => Encoding.Unicode.GetBytes(text),
            3 => Flip(random, Encoding.UTF8.GetBytes(text)),
            4 => Encoding.UTF8.GetBytes(Nested(random)),
            5 => Encoding.UTF8.GetBytes(text.Insert(random.Next(text.Length + 1), Any(random, OddJson))),
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    /// <summary>JSON of the schema, with a part broken now and then.</summary>
    /// <param name="breakOdds">One value in so many is broken; 0 for none.</param>
    private string Json(Random random, JsonNode schema, int depth, int breakOdds)
    {
        if (breakOdds > 0 && random.Next(breakOdds) == 0) return random.Next(30) == 0 ? Nested(random) : Any(random, OddJson);
        if (depth > 6) return "null";
        if ((string?)schema["$ref"] is { } reference) return Json(random, document["components"]!["schemas"]![reference.Split('/')[^1]]!, depth, breakOdds);
        if ((schema["oneOf"] ?? schema["anyOf"])?.AsArray() is { Count: > 0 } choices) return Json(random, choices[^1]!, depth, breakOdds);
        if (schema["enum"]?.AsArray() is { Count: > 0 } values) return Any(random, values.ToList())?.ToJsonString() ?? "null";

        return TypeOf(schema) switch
        {
            "object" => Object(random, schema, depth, breakOdds),
            "array" => "[" + string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Json(random, schema["items"] ?? new JsonObject(), depth + 1, breakOdds))) + "]",
            "integer" or "number" => Any(random, "1", "2", "4", "9"),
            "boolean" => Any(random, "true", "false"),
            "string" => Text(random),
            _ => Any(random, "{\"n\":1}", "17", "\"x\"", "null", "[1,2]"),
        };
    }

    private string Object(Random random, JsonNode schema, int depth, int breakOdds)
    {
        var required = (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).ToHashSet();
        // A wait without a timeout lasts for a minute.
        var fields = (schema["properties"]?.AsObject() ?? [])
            .Where(property => required.Contains(property.Key) || random.Next(3) > 0 || (property.Key == "timeout" && schema["properties"]!["ids"] is not null))
            .Select(property => $"\"{property.Key}\":{Field(random, property.Key, property.Value!, depth, breakOdds)}").ToList();
        if (breakOdds > 0 && random.Next(breakOdds) == 0) fields.Add($"\"{Any(random, "x", "ID", "\\u0000", "$type", "__proto__", "")}\":{Any(random, OddJson)}");
        if (fields.Count > 0 && breakOdds > 0 && random.Next(breakOdds * 2) == 0) fields.Add(fields[0]);
        return "{" + string.Join(',', fields) + "}";
    }

    /// <summary>Some fields are only reached past a check of their value.</summary>
    private string Field(Random random, string name, JsonNode schema, int depth, int breakOdds)
    {
        if (breakOdds > 0 && random.Next(breakOdds) == 0) return Any(random, OddJson);
        return name switch
        {
            "pool" => "\"default\"",
            "transport" => Any(random, "\"http\"", "\"amqp\""),
            "role" => Any(random, "\"active\"", "\"reserve\""),
            "timeout" => "\"1s\"",
            "ids" => $"[\"{Any(random, ids)}\"]",
            "id" => $"\"{Any(random, ids)}\"",
            _ => Json(random, schema, depth + 1, breakOdds),
        };
    }

    private static string TypeOf(JsonNode schema) => schema["type"] switch
    {
        JsonArray types => (string)types.First(type => (string)type! != "null")!,
        { } type => (string)type!,
        null => schema["properties"] is null ? "" : "object",
    };

    private string Text(Random random) => random.Next(3) == 0 ? $"\"{Any(random, ids)}\"" : Any(random, "\"echo\"", "\"x\"", "\"1s\"", "\"off\"", "\"gradual\"");

    private static string Nested(Random random)
    {
        var depth = Any(random, 65, 81, 1_000, 100_000);
        return string.Concat(Enumerable.Repeat(Any(random, "[", "{\"a\":"), depth));
    }

    private static byte[] Flip(Random random, byte[] bytes)
    {
        for (var i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private byte[] Raw(Random random)
    {
        var noise = new byte[random.Next(1, 600)];
        random.NextBytes(noise);
        return random.Next(6) switch
        {
            0 => noise,
            1 => [.. "GET /"u8, .. noise, .. " HTTP/1.1\r\n\r\n"u8],
            2 => [.. "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"u8, .. noise],
            3 => [.. "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: "u8, .. Encoding.ASCII.GetBytes(Any(random, "-1", "99999999999999999999", "5, 6", "0x10", "\r\nContent-Length: 3")), .. "\r\n\r\n{}"u8],
            4 => Flip(random, Structured(random)),
            _ => [.. "GET /health/live HTTP/1.1\r\nHost: x\r\n"u8, .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(i => $"h{i}: {new string('v', 100)}\r\n"))), .. "\r\n"u8],
        };
    }

    private static string Ascii(string text) => Uri.EscapeDataString(text).Replace("%25", "%", StringComparison.Ordinal);

    private static T Any<T>(Random random, params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
