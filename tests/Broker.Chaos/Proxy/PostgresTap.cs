using System.Buffers.Binary;

namespace Broker.Chaos;

/// <summary>Listens to one PostgreSQL connection: which backend serves it, and, when a trap is set, the answer to its next batch.</summary>
/// <remarks>Messages of the protocol's version 3: a type, then a length that counts itself, then the body.</remarks>
internal sealed class PostgresTap
{
    private static ReadOnlySpan<byte> Sync => [(byte)'S', 0, 0, 0, 4];
    private static ReadOnlySpan<byte> BackendKey => [(byte)'K', 0, 0, 0, 12];

    private readonly Lock _lock = new();
    private CommitReplyTrap? _trap;

    /// <summary>The server's process for this connection; 0 before it is told.</summary>
    public int BackendPid { get; private set; }

    /// <summary>Swallows whatever the server answers to the next batch that passes, for good: cut the connection afterwards.</summary>
    public void Set(CommitReplyTrap trap)
    {
        lock (_lock) _trap = trap;
    }

    /// <summary>Whether the bytes may go on.</summary>
    public bool Passes(bool isToServer, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (isToServer)
            {
                // A client sends a batch's end last and then waits: no answer of an earlier one can be under way.
                if (_trap is not null && bytes.EndsWith(Sync)) _trap.Asked = true;
                return true;
            }
            if (BackendPid == 0 && bytes.IndexOf(BackendKey) is >= 0 and var at && at + 9 <= bytes.Length)
                BackendPid = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 5)..]);
            if (_trap is not { Asked: true }) return true;

            _trap.Swallow(bytes);
            return false;
        }
    }
}
