using System.Runtime.CompilerServices;

namespace Broker.Cli;

/// <summary>Gathers items into batches, bounded in number and in bytes.</summary>
internal sealed class Batches(int countLimit, TimeProvider timeProvider)
{
    /// <summary>A quarter of what a request may have: large payloads make small batches.</summary>
    private const int BytesLimit = 4 * 1024 * 1024;

    /// <summary>How long a batch waits for a slow input before it goes as it is.</summary>
    private static readonly TimeSpan Lull = TimeSpan.FromMilliseconds(200);

    public async IAsyncEnumerable<List<SubmitItem>> GatherAsync(
        IAsyncEnumerable<SubmitItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var source = items.GetAsyncEnumerator(cancellationToken);
        var batch = new List<SubmitItem>(countLimit);
        var bytes = 0;
        while (true)
        {
            var next = source.MoveNextAsync().AsTask();
            if (!next.IsCompleted && batch.Count > 0 && await IsLullAsync(next, cancellationToken))
            {
                yield return batch;
                (batch, bytes) = (new List<SubmitItem>(countLimit), 0);
            }
            if (!await next) break;

            var length = source.Current.Payload?.Length ?? 0;
            if (batch.Count == countLimit || (batch.Count > 0 && bytes + length > BytesLimit))
            {
                yield return batch;
                (batch, bytes) = (new List<SubmitItem>(countLimit), 0);
            }
            batch.Add(source.Current);
            bytes += length;
        }
        if (batch.Count > 0) yield return batch;
    }

    private async Task<bool> IsLullAsync(Task next, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(Lull, timeProvider, ended.Token));
        await ended.CancelAsync();
        return first != next;
    }
}
