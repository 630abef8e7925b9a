using System.Security.Cryptography;

namespace Broker.Agent;

internal sealed record HttpGetPayload(string? Url);

/// <param name="Bytes">Length of the body.</param>
/// <param name="Sha256">Of the body, in lower-case hex.</param>
internal sealed record HttpGetResult(int Status, long Bytes, string Sha256);

/// <summary><c>http.get</c>: fetches a page over http or https. Any status is a result; no answer is a failure.</summary>
internal sealed class HttpGetHandler(HttpClient http, TimeProvider timeProvider) : TaskHandler<HttpGetPayload, HttpGetResult>
{
    private const int BufferBytes = 64 * 1024;
    private const long BodyLimit = 64 * 1024 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(100);

    public override async Task<HttpGetResult> HandleAsync(HttpGetPayload payload, TaskContext context, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(payload.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            throw new TaskFailedException("invalid-payload", "The payload needs a 'url' that begins with http:// or https://.", retryable: false);

        using var over = new CancellationTokenSource(TimeLimit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            return await GetAsync(url, either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            throw new TaskFailedException("http-timeout", $"{url.Host} did not answer in full within {TimeLimit.TotalSeconds} s.");
        }
    }

    private async Task<HttpGetResult> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        // Redirects are followed by the client: never from https to http, and never to other schemes.
        using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        var bytes = 0L;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes += read;
            if (bytes > BodyLimit) throw new TaskFailedException("body-too-large", $"The body has more than {BodyLimit} bytes.", retryable: false);

            hash.AppendData(buffer, 0, read);
        }
        return new HttpGetResult((int)response.StatusCode, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
