namespace Broker.Bench.Peers;

/// <summary>Tasks submitted when they are due, whatever became of those before: a system that falls behind shows it in its latencies.</summary>
internal static class Steady
{
    public static async Task<object> RunAsync(ILoad load, int rate, int seconds, int connections)
    {
        await Burst.WarmUpAsync(load, 1, connections);
        var count = rate * seconds;
        var start = Clock.Now;
        var submissions = new List<Task>(count);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (submissions.Count < count)
        {
            for (double due; submissions.Count < count && (due = start + submissions.Count * 1e6 / rate) <= Clock.Now;)
            {
                submissions.Add(load.SubmitAsync([new NoopTask(due)]));
            }
            await timer.WaitForNextTickAsync();
        }

        var deadline = Clock.Now + seconds * 1e6;
        var reader = new TallyReader(start);
        await reader.UntilAsync(count, deadline);
        if (submissions.Find(submission => submission.IsFaulted) is { } failed) await failed;

        // One that is not done by then has waited at least so long.
        var undone = count - reader.Records.Count;
        var late = Enumerable.Range(count - undone, undone).Select(i => deadline - start - i * 1e6 / rate).ToArray();
        return new
        {
            tasks = count,
            undone,
            startMs = Percentiles(reader.Records.Select(record => record.Start - record.Due).Concat(late)),
            doneMs = Percentiles(reader.Records.Select(record => record.Done - record.Due).Concat(late)),
        };
    }

    private static object Percentiles(IEnumerable<double> micros)
    {
        var sorted = micros.Order().ToArray();
        return new { p50 = At(0.5), p95 = At(0.95), p99 = At(0.99) };

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)] / 1000;
    }
}
