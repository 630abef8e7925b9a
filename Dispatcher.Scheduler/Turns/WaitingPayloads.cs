namespace Broker.Scheduler;

/// <summary>Payloads of queued tasks, as long as there is room, so that most offers need not read them back.</summary>
/// <remarks>First come, first kept: in a backlog those are offered first. What finds no room is read with the commit that offers it.</remarks>
internal sealed class WaitingPayloads
{
    /// <summary>Some 150,000 small ones, beside a million tasks of up to 300 bytes.</summary>
    private const long ByteLimit = 32 * 1024 * 1024;

    /// <summary>Of an entry, beside its bytes.</summary>
    private const int Overhead = 96;

    private readonly Dictionary<Guid, byte[]?> _payloads = [];
    private long _bytes;

    /// <param name="payload">Null: the task has none, which is worth knowing too.</param>
    public void Add(Guid task, byte[]? payload)
    {
        var size = SizeOf(payload);
        if (_bytes + size <= ByteLimit && _payloads.TryAdd(task, payload)) _bytes += size;
    }

    /// <summary>False if it has to be read.</summary>
    public bool TryTake(Guid task, out byte[]? payload)
    {
        if (!_payloads.Remove(task, out payload)) return false;

        _bytes -= SizeOf(payload);
        return true;
    }

    private static int SizeOf(byte[]? payload) => Overhead + (payload?.Length ?? 0);
}
