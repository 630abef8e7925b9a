namespace Broker.Chaos;

public sealed class CheckResultTests
{
    [Fact]
    public void A_violation_carries_the_lines_that_prove_it()
    {
        var violation = Assert.Single(new RecordedRun().Worker("a").Worker("b").Submit("t1").Offer("t1", "a").Offer("t1", "b").Run("t1").Check().Violations);

        Assert.Equal(("S5", RecordedRun.Id("t1"), "a"), (violation.Invariant, violation.Task, violation.Worker));
        Assert.Contains(violation.Proof, line => line.Contains("\"worker\":\"b\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Violations_are_listed_up_to_a_limit_and_all_counted()
    {
        var run = new RecordedRun();
        for (var i = 0; i < 30; i++) run.Submit($"t{i}");

        var result = run.Check(new CheckOptions { ListLimit = 5 });

        Assert.Equal((5, 30), (result.Violations.Count, result.Counts["S1"]));
    }

    [Fact]
    public void Statistics_tell_what_happened()
    {
        var statistics = new RecordedRun().Worker("a").Worker("b")
            .Submit("t1").Offer("t1", "a").Begin("t1").Fault("bot-kill").Wait(40).Lost("a", "t1").Offer("t1", "b")
            .Note("t1", "superseded", "offered").Run("t1")
            .Submit("t2", phase: HistoryPhase.Info).Offer("t2", "b").Run("t2")
            .Log(new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Invoke })
            .Check().Statistics;

        Assert.Equal((2, 1, 1, 1, 1), (statistics.Tasks, statistics.AcceptedSubmits, statistics.UnknownTaken, statistics.UnknownNotTaken, statistics.SupersededReports));
        Assert.Equal(1.5, statistics.ExecutionsPerTask);
        Assert.Equal(new Dictionary<int, int> { [1] = 1, [2] = 1 }, statistics.Executions);
        Assert.Equal(new Dictionary<string, int> { ["lost"] = 1, ["succeeded"] = 2 }, statistics.Outcomes);
        Assert.Equal(1, statistics.Faults["bot-kill"]);
    }

    /// <summary>All wait at once, for fifty workers. It takes one second; the limit is for a busy machine.</summary>
    [Fact]
    public void Ten_thousand_tasks_are_judged_in_time()
    {
        var run = new RecordedRun();
        for (var worker = 0; worker < 50; worker++) run.Worker($"w{worker:00}");
        for (var task = 0; task < 10_000; task++) run.Submit($"t{task}", priority: 9 - (task / 1_000));
        for (var task = 0; task < 10_000; task++) run.Offer($"t{task}", $"w{task % 50:00}").Run($"t{task}");
        var history = run.ToHistory();
        var start = TimeProvider.System.GetTimestamp();

        Assert.Empty(Checker.Check(history, new CheckOptions()).Violations);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }
}
