namespace Broker.Chaos;

/// <summary>What all runs do with their folder: say in it what the judge must know, judge it, leave the report in it.</summary>
internal static class RunFolder
{
    /// <param name="unrecorded">Workers that write no history.</param>
    public static async Task PrepareAsync(RunPlan plan, IEnumerable<string> unrecorded, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(plan.Folder);
        await File.WriteAllTextAsync(Path.Combine(plan.Folder, HistoryFolder.Options), HistoryJson.Write(new CheckOptions
        {
            LostAfter = plan.LostAfter,
            OfferLease = plan.LeaseScale * TimeSpan.FromSeconds(60),
            CancelGrace = plan.LeaseScale * TimeSpan.FromSeconds(30),
            Unrecorded = [.. unrecorded],
        }), cancellationToken);
    }

    public static async Task<Report> JudgeAsync(RunPlan plan, IReadOnlyCollection<FaultRun> faults, RunEnd end)
    {
        var report = new Report(plan, faults, Checker.Check(plan.Folder, HistoryFolder.ReadOptions(plan.Folder)), end);
        await File.WriteAllTextAsync(Path.Combine(plan.Folder, "report.txt"), report.Text + "\n", CancellationToken.None);
        return report;
    }
}
