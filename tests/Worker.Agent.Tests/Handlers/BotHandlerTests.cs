using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Broker.Contracts;
using Microsoft.Extensions.Options;

namespace Broker.Agent.Tests;

public sealed class BotHandlerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-agent-").FullName;
    private readonly string _root;

    public BotHandlerTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        File.WriteAllText(Path.Combine(_root, "in.txt"), "inside");
        File.WriteAllText(Path.Combine(_folder, "out.txt"), "outside");
        Directory.CreateDirectory(Path.Combine(_folder, "root-beside"));
        File.WriteAllText(Path.Combine(_folder, "root-beside", "out.txt"), "outside");
        File.CreateSymbolicLink(Path.Combine(_root, "to-out"), Path.Combine(_folder, "out.txt"));
        File.CreateSymbolicLink(Path.Combine(_root, "to-in"), "in.txt");
        File.CreateSymbolicLink(Path.Combine(_root, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(_root, "loop"), "loop");
        File.CreateSymbolicLink(Path.Combine(_folder, "root-link"), _root);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("in.txt")]
    [InlineData("to-in")]
    [InlineData("./up/root/in.txt")]
    [InlineData("/in.txt")]
    public async Task Hashes_files_below_the_root(string path)
    {
        if (path.StartsWith('/')) path = _root + path;

        var result = (FileSha256Result)(await HashAsync(path))!;

        Assert.Equal(new FileSha256Result(path, Convert.ToHexStringLower(SHA256.HashData("inside"u8)), 6), result);
    }

    [Fact]
    public async Task Hashes_below_a_root_that_is_a_link_itself() =>
        Assert.NotNull(await HashAsync("in.txt", Path.Combine(_folder, "root-link")));

    [Theory]
    [InlineData("../out.txt", "outside-file-root")]
    [InlineData("to-out", "outside-file-root")]
    [InlineData("up/out.txt", "outside-file-root")]
    [InlineData("../root-beside/out.txt", "outside-file-root")]
    [InlineData("/etc/hostname", "outside-file-root")]
    [InlineData("/dev/zero", "outside-file-root")]
    [InlineData("missing/../in.txt", "file-not-found")]
    [InlineData("missing", "file-not-found")]
    [InlineData("loop", "file-not-found")]
    [InlineData(".", "outside-file-root")]
    [InlineData("", "invalid-payload")]
    [InlineData("in.txt\0", "invalid-payload")]
    public async Task Refuses_files_elsewhere_for_good(string path, string code)
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => HashAsync(path));

        Assert.Equal((code, false), (failure.Code, failure.Retryable));
    }

    [Fact]
    public async Task Names_the_option_when_there_is_no_root()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => HashAsync("in.txt", ""));

        Assert.Contains("--file-root", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ms":-1}""")]
    [InlineData("""{"ms":1e99}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData(null)]
    public async Task Sleeps_no_nonsense(string? payload)
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(new SleepHandler(TimeProvider.System), payload));

        Assert.Equal(("invalid-payload", false), (failure.Code, failure.Retryable));
    }

    [Fact]
    public async Task Sleeps_as_long_as_told() =>
        Assert.Equal(new SleepResult(20), await RunAsync(new SleepHandler(TimeProvider.System), """{"seconds":0.02}"""));

    [Fact]
    public async Task Fetches_a_page_and_tells_status_length_and_hash()
    {
        var page = Encoding.UTF8.GetBytes(new string('ä', 50_000));

        var result = await FetchAsync(page);

        Assert.Equal(new HttpGetResult(418, 100_000, Convert.ToHexStringLower(SHA256.HashData(page))), result);
        Assert.Equal(["status", "bytes", "sha256"],
            JsonSerializer.SerializeToElement(result, JsonSerializerOptions.Web).EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Fetches_no_page_beyond_the_limit()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => FetchAsync(new byte[64 * 1024 * 1024 + 1]));

        Assert.Equal(("body-too-large", false), (failure.Code, failure.Retryable));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/")]
    [InlineData("nonsense")]
    public async Task Fetches_over_http_only(string url)
    {
        using var http = new HttpClient();

        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => RunAsync(new HttpGetHandler(http, TimeProvider.System), $$"""{"url":"{{url}}"}"""));

        Assert.False(failure.Retryable);
    }

    private static async Task<object?> FetchAsync(byte[] page)
    {
        using var server = new HttpListener();
        var url = $"http://127.0.0.1:{FreePort()}/";
        server.Prefixes.Add(url);
        server.Start();
        var answering = AnswerAsync(server, page);
        using var http = new HttpClient();
        var result = await RunAsync(new HttpGetHandler(http, TimeProvider.System), $$"""{"url":"{{url}}"}""");
        await answering;
        return result;
    }

    private static async Task AnswerAsync(HttpListener server, byte[] page)
    {
        var context = await server.GetContextAsync();
        context.Response.StatusCode = 418;
        await context.Response.OutputStream.WriteAsync(page);
        context.Response.Close();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<object?> HashAsync(string path, string? root = null) => RunAsync(
        new FileSha256Handler(Options.Create(new AgentOptions { FileRoot = root ?? _root })),
        JsonSerializer.Serialize(new { path }));

    private static Task<object?> RunAsync(ITaskHandler handler, string? payload) => handler.HandleAsync(
        new TaskContext { TaskId = Guid.NewGuid(), Type = "x", Payload = payload is null ? default : new RawJson(Encoding.UTF8.GetBytes(payload)) },
        TestContext.Current.CancellationToken);
}
