using System.Buffers.Binary;

namespace Broker.Chaos;

/// <summary>Keeps the server's whole answer to one batch from its client, and says what it was.</summary>
internal sealed class CommitReplyTrap
{
    private readonly List<byte> _swallowed = [];
    private readonly TaskCompletionSource<bool> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the batch has passed on its way to the server.</summary>
    public bool Asked { get; set; }

    public int Bytes => _swallowed.Count;

    /// <summary>Completes with the whole answer: true if the transaction was committed.</summary>
    public Task<bool> Answered => _answered.Task;

    public void Swallow(ReadOnlySpan<byte> bytes)
    {
        _swallowed.AddRange(bytes);
        var failed = false;
        for (var at = 0; at + 5 <= _swallowed.Count;)
        {
            var type = _swallowed[at];
            var length = BinaryPrimitives.ReadInt32BigEndian([.. _swallowed.GetRange(at + 1, 4)]);
            if (at + 1 + length > _swallowed.Count) return;

            failed |= type == 'E';
            // Ready for the next query, outside of any transaction: it is over.
            if (type == 'Z') _answered.TrySetResult(!failed && _swallowed[at + 5] == 'I');
            at += 1 + length;
        }
    }
}
