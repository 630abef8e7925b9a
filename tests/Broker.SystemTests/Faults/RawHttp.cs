using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Broker.Contracts;

namespace Broker.SystemTests;

/// <summary>HTTP/1.1 as bytes: sends anything, and understands answers just enough.</summary>
internal sealed class RawHttp(Uri server) : IDisposable
{
    /// <summary>Longer than anybody may wait for a task.</summary>
    private static readonly TimeSpan AnswerLimit = Limits.LongestWait + TimeSpan.FromSeconds(30);

    private TcpClient? _client;

    /// <summary>The status and the answer's text. Status 0: the server closed the connection without one.</summary>
    /// <param name="isLast">Nothing more comes from us: a server that waits for more sees the end.</param>
    public async Task<(int Status, string Text)> SendAsync(byte[] request, bool isLast)
    {
        if (isLast) Close();
        _client ??= new TcpClient(server.Host, server.Port);
        using var limit = new CancellationTokenSource(AnswerLimit, TimeProvider.System);
        var stream = _client.GetStream();
        try
        {
            await stream.WriteAsync(request, limit.Token);
            if (isLast) _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // It may have answered before it read everything.
        }
        var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            var isHead = request.AsSpan().StartsWith("HEAD "u8);
            while (isLast || !IsWhole(answer, isHead))
            {
                var count = await stream.ReadAsync(buffer, limit.Token);
                if (count == 0) break;
                answer.Write(buffer, 0, count);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            Close();
        }
        var text = Encoding.Latin1.GetString(answer.ToArray());
        if (isLast || text.Length == 0 || text.Contains("Connection: close", StringComparison.OrdinalIgnoreCase)) Close();
        return (text.Length < 12 ? 0 : int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text);
    }

    public void Dispose() => Close();

    private void Close()
    {
        _client?.Dispose();
        _client = null;
    }

    private static bool IsWhole(MemoryStream answer, bool isHead)
    {
        var text = Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        if (isHead || text.StartsWith("HTTP/1.1 204", StringComparison.Ordinal) || text.StartsWith("HTTP/1.1 304", StringComparison.Ordinal)) return true;

        const string Length = "Content-Length: ";
        var head = text[..(end + 2)];
        if (head.IndexOf(Length, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            return text.Length - end - 4 >= int.Parse(head[(at + Length.Length)..head.IndexOf('\r', at)], CultureInfo.InvariantCulture);
        return text.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
    }
}
