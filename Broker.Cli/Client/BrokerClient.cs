using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace Broker.Cli;

/// <summary>Broker's HTTP API as the command needs it.</summary>
internal sealed class BrokerClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;

    public BrokerClient(Uri api)
    {
        Api = api;
        // A proxy for the outside has no business between this machine and itself.
        var handler = new SocketsHttpHandler
        {
            UseProxy = !api.IsLoopback,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AutomaticDecompression = DecompressionMethods.All,
        };
        // The timeout is a token's per request: waiting takes longer than asking.
        _http = new HttpClient(handler) { BaseAddress = WithSlash(api), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("broker-cli", Version));
    }

    public static string Version { get; } =
        typeof(BrokerClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public Uri Api { get; }

    /// <exception cref="ApiRefusedException">It answered with an error.</exception>
    /// <exception cref="ApiUnreachableException">It did not answer.</exception>
    public Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, null, TimeSpan.Zero, cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    public Task<ApiAnswer> PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, null, TimeSpan.Zero, cancellationToken);

    /// <param name="wait">How long the API may take beyond the usual because it was asked to wait.</param>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? idempotencyKey, TimeSpan wait,
        CancellationToken cancellationToken)
    {
        var answer = await ExchangeAsync(method, path, body, idempotencyKey, wait, cancellationToken);
        return answer.IsSuccess ? answer : throw answer.AsRefusal();
    }

    /// <summary>Answers with errors too.</summary>
    /// <exception cref="ApiUnreachableException">It did not answer.</exception>
    public async Task<ApiAnswer> ExchangeAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? idempotencyKey, TimeSpan wait,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is { } bytes) request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = Json } };
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience + wait);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var content = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return new ApiAnswer((int)response.StatusCode, content, response.Headers.RetryAfter?.Delta);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiUnreachableException(Api, $"it took longer than {(Patience + wait).TotalSeconds:F0} s.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ApiUnreachableException(Api, Sentence(exception.InnerException?.Message ?? exception.Message));
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri WithSlash(Uri api) => api.AbsolutePath.EndsWith('/') ? api : new Uri(api.AbsoluteUri + "/");

    private static string Sentence(string text) => text.TrimEnd('.') + ".";
}
