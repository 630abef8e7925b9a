using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace Broker.SystemTests;

/// <summary>Row 11 of the faults: bodies that are meant to hurt.</summary>
public sealed class HugeBodyTests(SharedServer server, ITestOutputHelper output) : PoolTests(server)
{
    private const int GrowthLimitMiB = 200;

    [Fact]
    public async Task A_body_of_1_GB_in_chunks_is_answered_with_413_and_memory_stays_flat()
    {
        var before = await Memory.OfAsync(Broker.ApiProcess);
        var (sent, status) = await SendChunksAsync(1_000_000_000);

        output.WriteLine($"{sent / 1_000_000} MB were taken before {status}; memory {before} MiB, then {await Memory.OfAsync(Broker.ApiProcess)} MiB");
        Assert.Equal("413", status);
        Assert.InRange(await Memory.OfAsync(Broker.ApiProcess), 0, before + GrowthLimitMiB);
    }

    [Theory]
    [InlineData("depth")]
    [InlineData("depth of a payload")]
    [InlineData("unknown keys")]
    [InlineData("labels")]
    [InlineData("labels without a value")]
    [InlineData("keys of a payload")]
    [InlineData("many tasks")]
    [InlineData("gzip bomb")]
    public async Task A_body_built_to_hurt_is_refused_with_a_short_answer_and_memory_stays_flat(string kind)
    {
        var before = await Memory.OfAsync(Broker.ApiProcess);
        for (var i = 0; i < 10; i++)
        {
            using var content = ContentOf(kind);
            using var response = await Api.Http.PostAsync(
                kind == "many tasks" ? "/v1/tasks/batch" : "/v1/tasks", content, TestContext.Current.CancellationToken);

            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode is 400 or 413 or 415 or 422, $"{response.StatusCode}: {text[..Math.Min(text.Length, 500)]}");
            Assert.InRange(text.Length, 1, 20_000);
        }
        Assert.InRange(await Memory.OfAsync(Broker.ApiProcess), 0, before + GrowthLimitMiB);
    }

    private static ByteArrayContent ContentOf(string kind)
    {
        var content = new ByteArrayContent(kind switch
        {
            "depth" => Encoding.ASCII.GetBytes(new string('[', 1_000_000)),
            "depth of a payload" => Encoding.ASCII.GetBytes($$"""{"type": "echo", "payload": {{new string('[', 120_000)}}{{new string(']', 120_000)}}}"""),
            "unknown keys" => Encoding.ASCII.GetBytes($"{{{Pairs("k", "1")}}}"),
            "labels" => Encoding.ASCII.GetBytes($$"""{"type": "echo", "requires": { {{Pairs("k", "\"v\"", 60_000)}} } }"""),
            "labels without a value" => Encoding.ASCII.GetBytes($$"""{"type": "echo", "requires": { {{Pairs("k", "null", 60_000)}} } }"""),
            "keys of a payload" => Encoding.ASCII.GetBytes($$"""{"type": "echo", "payload": { {{Pairs("k", "1")}} } }"""),
            "many tasks" => Encoding.ASCII.GetBytes($$"""{"tasks": [{{string.Join(',', Enumerable.Repeat("1", 1_000_000))}}]}"""),
            _ => Zip(new byte[100_000_000]),
        });
        content.Headers.ContentType = new("application/json");
        if (kind == "gzip bomb") content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    /// <summary>Less than a body may have: beyond that the connection is closed while a client still sends.</summary>
    private static string Pairs(string name, string value, int count = 80_000) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{name}{i}\":{value}"));

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest)) zip.Write(bytes);
        return zipped.ToArray();
    }

    private async Task<(long Sent, string Status)> SendChunksAsync(long size)
    {
        using var client = new TcpClient(Broker.Address.Host, Broker.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        var answer = ReadStatusAsync(stream);
        var chunk = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{100_000:x}\r\n{new string(' ', 100_000)}\r\n"));
        var sent = 0L;
        try
        {
            for (; sent < size && !answer.IsCompleted; sent += 100_000) await stream.WriteAsync(chunk);
        }
        catch (IOException)
        {
            // It does not want more.
        }
        return (sent, await answer);
    }

    private static async Task<string> ReadStatusAsync(NetworkStream stream)
    {
        var buffer = new byte[1_000];
        var count = await stream.ReadAtLeastAsync(buffer, "HTTP/1.1 413".Length);
        return Encoding.ASCII.GetString(buffer, 9, Math.Min(count - 9, 3));
    }
}
