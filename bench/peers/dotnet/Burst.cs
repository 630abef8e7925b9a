namespace Broker.Bench.Peers;

/// <summary>As many tasks as fast as the peer takes them.</summary>
internal static class Burst
{
    private const double PatienceMicros = 300e6;
    private const int WarmUpTasks = 500;

    public static async Task<object> RunAsync(ILoad load, int count, int batch, int connections)
    {
        await WarmUpAsync(load, batch, connections);
        var (start, submitted, end) = await RunOnceAsync(load, count, batch, connections);
        return new { tasks = count, seconds = (end - start) / 1e6, submitSeconds = (submitted - start) / 1e6 };
    }

    public static Task WarmUpAsync(ILoad load, int batch, int connections) => RunOnceAsync(load, WarmUpTasks, batch, connections);

    private static async Task<(double Start, double Submitted, double End)> RunOnceAsync(ILoad load, int count, int batch, int connections)
    {
        // Where there is no call for many tasks, a batch is as many callers at once.
        var (callers, size) = load.TakesBatches || batch == 1 ? (connections, batch) : (batch, 1);
        var start = Clock.Now;
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            int before;
            while ((before = Interlocked.Add(ref left, -size) + size) > 0)
            {
                await load.SubmitAsync([.. Enumerable.Range(0, Math.Min(size, before)).Select(_ => new NoopTask(Clock.Now))]);
            }
        }));
        var submitted = Clock.Now;
        var reader = new TallyReader(start);
        if (!await reader.UntilAsync(count, submitted + PatienceMicros)) throw new TimeoutException($"only {reader.Records.Count} of {count} done");
        return (start, submitted, reader.Records.Max(record => record.Done));
    }
}
