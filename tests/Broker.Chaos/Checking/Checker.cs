namespace Broker.Chaos;

/// <summary>Decides from its recorded history alone whether a run kept every promise.</summary>
/// <remarks>Shares no code with what it judges. Linear in events, times workers and kinds of tasks; holds all in memory.</remarks>
internal static class Checker
{
    /// <param name="folder">As <see cref="HistoryFolder"/> describes.</param>
    public static CheckResult Check(string folder, CheckOptions options) => Check(HistoryFolder.Read(folder), options);

    public static CheckResult Check(RunHistory history, CheckOptions options)
    {
        var world = new World(history, options);
        Replay(world);
        LeaderRules.Check(world);
        RowRules.Check(world);
        ClientRules.Check(world);
        BotRules.Check(world);
        QueueRules.Check(world);
        return new CheckResult(world.Findings.Violations, world.Findings.Counts, Statistics.Of(world));
    }

    private static void Replay(World world)
    {
        var life = new LifeRules(world);
        var timers = new TimerRules(world);
        var placement = new PlacementRules(world);
        var lastOffer = 0L;
        foreach (var commit in Commit.Group(world.History))
        {
            foreach (var row in commit.TaskEvents)
            {
                var task = world.TaskOf(row.Task);
                foreach (var step in row.Transitions.Where(step => step.Event != "offered"))
                {
                    timers.Step(task, step, commit, row.Seq);
                    life.Step(task, step, commit.At, row.Seq);
                }
                placement.Track(task);
            }
            foreach (var happened in commit.FleetEvents)
            {
                if (happened.Worker is null || !world.Workers.TryGetValue(happened.Worker, out var worker)) continue;
                timers.Happened(worker, happened);
                worker.Apply(happened);
            }
            foreach (var (task, step, seq) in OffersOf(world, commit))
            {
                LeaderRules.Offered(world, task, step, lastOffer, seq);
                placement.Offer(task, step, seq);
                life.Offer(task, step, commit.At, seq);
                lastOffer = Math.Max(lastOffer, step.Offer ?? 0);
            }
        }
    }

    private static IEnumerable<(ReplayedTask Task, RecordedStep Step, long Seq)> OffersOf(World world, Commit commit) =>
        from row in commit.TaskEvents
        from step in row.Transitions
        where step.Event == "offered"
        orderby step.Offer
        select (world.TaskOf(row.Task), step, row.Seq);
}
