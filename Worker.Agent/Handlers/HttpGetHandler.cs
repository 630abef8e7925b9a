using System.Security.Cryptography;
using System.Text;
using Broker.Contracts;

namespace Broker.Agent;

internal sealed record HttpGetPayload(string? Url);

/// <param name="Bytes">Length of the whole body.</param>
/// <param name="Sha256">Of the whole body, in lower-case hex.</param>
/// <param name="Headers">Those that describe the body, by lower-case name.</param>
/// <param name="Body">Its first 64 KiB if it is text in UTF-8; else null.</param>
internal sealed record HttpGetResult(
    int Status, long Bytes, string Sha256, IReadOnlyDictionary<string, string> Headers, string? Body);

/// <summary><c>http.get</c>: fetches a page over http or https. Any status is a result; no answer is a failure.</summary>
internal sealed class HttpGetHandler(HttpClient http, TimeProvider timeProvider) : TaskHandler<HttpGetPayload, HttpGetResult>
{
    private const int BodyLimit = 64 * 1024;
    private const long BytesLimit = 1024L * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);
    private static readonly string[] ShownHeaders = ["content-type", "etag", "last-modified", "cache-control", "location"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override async Task<HttpGetResult> HandleAsync(HttpGetPayload payload, TaskContext context, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(payload.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            throw new TaskFailedException("invalid-payload", "The payload needs a 'url' that begins with http:// or https://.", retryable: false);

        using var over = new CancellationTokenSource(Limit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            return await GetAsync(url, either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            throw new TaskFailedException("http-timeout", $"{url.Host} did not answer in full within {Limit.TotalSeconds} s.");
        }
    }

    private async Task<HttpGetResult> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        // Redirects are followed by the client: never from https to http, and never to other schemes.
        using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var (bytes, sha256, head) = await ReadAsync(body, cancellationToken);
        return new HttpGetResult((int)response.StatusCode, bytes, sha256, HeadersOf(response), TextOf(head));
    }

    private static async Task<(long Bytes, string Sha256, byte[] Head)> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var head = new MemoryStream();
        var buffer = new byte[BodyLimit];
        var bytes = 0L;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes += read;
            if (bytes > BytesLimit) throw new TaskFailedException("body-too-large", $"The body has more than {BytesLimit} bytes.", retryable: false);

            hash.AppendData(buffer, 0, read);
            if (head.Length < BodyLimit) head.Write(buffer, 0, (int)Math.Min(read, BodyLimit - head.Length));
        }
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), head.ToArray());
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>();
        foreach (var name in ShownHeaders)
            if (response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values))
                headers[name] = ErrorText.Clean(values.ToString(), Limits.ReasonLength);
        return headers;
    }

    private static string? TextOf(byte[] head)
    {
        // A character that the cut went through has at most three bytes of it left.
        for (var cut = 0; cut <= Math.Min(3, head.Length); cut++)
        {
            try
            {
                var text = Strict.GetString(head, 0, head.Length - cut);
                return text.Contains('\0') ? null : text;
            }
            catch (DecoderFallbackException) when (head.Length == BodyLimit)
            {
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
        return null;
    }
}
