using System.Runtime.InteropServices;

namespace Broker.Bench.Peers;

/// <summary>What a worker did, in a file of its own in BENCH_TALLY: no server of the system under test is asked.</summary>
internal sealed class Tally : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(Path.Combine(Folder, $"{Environment.ProcessId}.tally"), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private readonly List<TallyRecord> _records = [];
    private readonly ITimer _timer;

    public Tally() => _timer = TimeProvider.System.CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public static string Folder => Environment.GetEnvironmentVariable("BENCH_TALLY")!;

    public void Add(TallyRecord record)
    {
        lock (_lock)
        {
            _records.Add(record);
            if (_records.Count == 1) _timer.Change(TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _file.Dispose();
    }

    private void Flush()
    {
        lock (_lock)
        {
            _file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_records)));
            _records.Clear();
        }
    }
}
