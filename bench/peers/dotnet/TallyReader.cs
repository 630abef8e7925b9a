using System.Runtime.InteropServices;

namespace Broker.Bench.Peers;

/// <summary>The records of tasks that were due from a moment on; what an earlier run left behind does not count.</summary>
internal sealed class TallyReader(double from)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<string, int> _counts = [];

    public List<TallyRecord> Records { get; } = [];

    /// <summary>True once there are so many; false at the deadline.</summary>
    public async Task<bool> UntilAsync(int count, double deadline)
    {
        while (true)
        {
            Read();
            if (Records.Count >= count) return true;
            if (Clock.Now > deadline) return false;
            await Task.Delay(PollInterval, TimeProvider.System);
        }
    }

    private void Read()
    {
        foreach (var path in Directory.EnumerateFiles(Tally.Folder))
        {
            var known = _counts.GetValueOrDefault(path);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var news = new TallyRecord[file.Length / Marshal.SizeOf<TallyRecord>() - known];
            file.Position = known * Marshal.SizeOf<TallyRecord>();
            file.ReadExactly(MemoryMarshal.AsBytes(news.AsSpan()));
            _counts[path] = known + news.Length;
            Records.AddRange(news.Where(record => record.Due >= from));
        }
    }
}
