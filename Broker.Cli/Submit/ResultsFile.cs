using System.Text.Json;

namespace Broker.Cli;

/// <summary>Writes finished tasks as NDJSON. What a call has written has left the process; the end is on the disk.</summary>
internal sealed class ResultsFile : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly MemoryStream _lines = new();

    /// <param name="path"><c>-</c> for standard output. A file that exists is replaced.</param>
    /// <exception cref="CliException">It can't be written.</exception>
    public ResultsFile(string path)
    {
        try
        {
            // Unbuffered: whole lines go out in one write.
            _stream = path == "-" ? Console.OpenStandardOutput()
                : new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException(ExitCode.Usage, $"Can't write {path}: {exception.Message}");
        }
    }

    public async Task WriteAsync(IEnumerable<TaskInfo> tasks)
    {
        _lines.SetLength(0);
        foreach (var task in tasks)
        {
            JsonSerializer.Serialize(_lines, ResultLine.Of(task), ClientJson.Default.ResultLine);
            _lines.WriteByte((byte)'\n');
        }
        await _stream.WriteAsync(_lines.GetBuffer().AsMemory(0, (int)_lines.Length));
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is FileStream file) file.Flush(flushToDisk: true);
        await _stream.DisposeAsync();
        await _lines.DisposeAsync();
    }
}
