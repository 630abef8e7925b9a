using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Broker.Cli;

/// <summary>Reads lines of any input as bytes, without ever holding more than one of bounded length.</summary>
/// <remarks>Bytes, since names of files need not be UTF-8 and whoever reads must be able to say so.</remarks>
internal sealed class LineReader(Stream input, byte separator, int lengthLimit)
{
    /// <summary>Lines in order, counted from 1, empty ones too; null in place of one that is longer than the limit.</summary>
    public async IAsyncEnumerable<(long Number, byte[]? Line)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        var number = 0L;
        var isTooLong = false;
        while (true)
        {
            // A read of a terminal or a pipe does not end by a token, so it is left behind.
            var read = await pipe.ReadAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
            var rest = read.Buffer;
            while (rest.PositionOf(separator) is { } end)
            {
                var line = rest.Slice(0, end);
                rest = rest.Slice(rest.GetPosition(1, end));
                yield return (++number, isTooLong || line.Length > lengthLimit ? null : line.ToArray());
                isTooLong = false;
            }
            if (rest.Length > lengthLimit)
            {
                isTooLong = true;
                rest = rest.Slice(rest.End);
            }
            if (read.IsCompleted)
            {
                if (isTooLong || rest.Length > 0) yield return (++number, isTooLong ? null : rest.ToArray());
                await pipe.CompleteAsync();
                yield break;
            }
            pipe.AdvanceTo(rest.Start, rest.End);
        }
    }
}
