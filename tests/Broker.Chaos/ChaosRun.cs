using System.Globalization;

namespace Broker.Chaos;

/// <summary>One run: load and faults side by side, then everything is healed, drained, written down and judged.</summary>
internal sealed class ChaosRun(RunPlan plan, Action<string> say)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(15);

    /// <summary>Tasks a second after the load.</summary>
    private const int TrickleCount = 6;

    /// <summary>Executions that nobody waits for any more come to their end.</summary>
    private TimeSpan LastExecutions => TimeSpan.FromMilliseconds(plan.LongestTaskMs) + TimeSpan.FromSeconds(2);

    public async Task<Report> RunAsync(CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        await RunFolder.PrepareAsync(plan, unrecorded: [], cancellationToken);
        say($"seed {plan.Seed}: {plan.Tasks} tasks and {plan.Faults.Values.Sum()} faults in {plan.Duration}; files in {plan.Folder}");

        Nemesis nemesis;
        RunEnd end;
        await using (var cluster = await ChaosCluster.StartAsync(plan, say))
        {
            say($"started in {Elapsed(start)}");
            using var history = new HistoryLog(plan.Folder, "nemesis");
            using var probes = new Probes(plan, cluster.Apis);
            using var load = new LoadRun(plan, cluster.Apis);
            await using var lag = new MachineLag();
            nemesis = new Nemesis(new FaultContext(plan, cluster, history, probes, lag));
            await WithProgressAsync(() => LoadAsync(load, probes, nemesis.RunAsync(cancellationToken), cancellationToken),
                () => $"{Elapsed(start)}: {load.Taken.Count} tasks taken, {cluster.Watch.Finished} finished, {cluster.Watch.Active} open; "
                    + $"{nemesis.Done.Count} faults over, {nemesis.Done.Count(fault => !fault.DidBite)} harmless; "
                    + $"epoch {cluster.Watch.Leadership.Epoch}; machine late by {lag.WorstSinceAsked().TotalMilliseconds:F0} ms",
                cancellationToken);

            await cluster.HealAsync();
            end = await DrainAsync(cluster, [.. load.Taken, .. probes.Taken]);
            say($"{Elapsed(start)}: {(end.HasDrained ? "drained" : $"{end.Open} tasks are still open")}");
            await Task.Delay(LastExecutions, TimeProvider.System, cancellationToken);
            await load.GetAllAsync(cancellationToken);
            await Export.WriteAsync(plan.Folder, cluster.Watch.Database, cluster.Servers);
        }

        var report = await RunFolder.JudgeAsync(plan, nemesis.Done, end);
        say($"{Elapsed(start)}: judged");
        return report;
    }

    /// <summary>The planned load, then a trickle until the last fault is over: most are repaired when a task finishes.</summary>
    private static async Task LoadAsync(LoadRun load, Probes probes, Task faults, CancellationToken cancellationToken)
    {
        await load.SubmitAllAsync(cancellationToken);
        while (!faults.IsCompleted)
        {
            await probes.BurstAsync(TrickleCount);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        }
        await faults;
    }

    private async Task<RunEnd> DrainAsync(ChaosCluster cluster, HashSet<Guid> taken)
    {
        var since = TimeProvider.System.GetTimestamp();
        var time = await ClusterWatch.UntilAsync(() => taken.All(cluster.Watch.IsFinished) && cluster.Watch.Active == 0, since, plan.DrainLimit);
        return new RunEnd(
            time is null ? Math.Max(1, taken.Count(id => !cluster.Watch.IsFinished(id))) : 0, time ?? plan.DrainLimit,
            cluster.Members.Where(member => member.Ends > 0).ToDictionary(member => member.Name, member => member.Ends));
    }

    /// <summary>When it is canceled it leaves at once, faults under way or not: all processes are about to end.</summary>
    private async Task WithProgressAsync(Func<Task> run, Func<string> progress, CancellationToken cancellationToken)
    {
        var running = run();
        while (await Task.WhenAny(running, Task.Delay(ProgressEvery, TimeProvider.System, cancellationToken)) != running)
        {
            cancellationToken.ThrowIfCancellationRequested();
            say(progress());
        }
        await running;
    }

    private static string Elapsed(long start) => TimeProvider.System.GetElapsedTime(start).ToString(@"mm\:ss", CultureInfo.InvariantCulture);
}
