using System.Text;
using System.Text.Json;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>The payload given on the command line: JSON, <c>@FILE</c>, or <c>-</c> for standard input.</summary>
internal static class PayloadText
{
    public static async Task<byte[]> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var json = text switch
        {
            "-" => await ReadAsync(Console.OpenStandardInput(), cancellationToken),
            ['@', .. var path] => await ReadAsync(OpenFile(path), cancellationToken),
            _ => Encoding.UTF8.GetBytes(text),
        };
        if (FindFault(json) is { } fault)
            throw new CliException(ExitCode.Usage, $"--payload is no JSON: {fault}",
                text[0] is '@' or '-' ? null : "Put it into single quotes, as in --payload '{\"ms\": 50}'.");
        return json;
    }

    /// <summary>Null if it is one JSON value, else what is wrong.</summary>
    public static string? FindFault(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                // Reading to the end is the check.
            }
            return null;
        }
        catch (JsonException exception)
        {
            return exception.Message;
        }
    }

    /// <exception cref="CliException">It can't be opened.</exception>
    public static Stream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException(ExitCode.Usage, $"Can't read {path}: {exception.Message}");
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using (stream)
        {
            using var buffer = new MemoryStream();
            var chunk = new byte[64 * 1024];
            while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and var count)
            {
                if (buffer.Length + count > 2 * Limits.PayloadBytes)
                    throw new CliException(ExitCode.Usage, "--payload is longer than a payload may be.");
                buffer.Write(chunk, 0, count);
            }
            return buffer.ToArray();
        }
    }
}
