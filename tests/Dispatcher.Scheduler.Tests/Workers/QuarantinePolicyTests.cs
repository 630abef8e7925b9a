using Broker.Storage;

namespace Broker.Scheduler.Tests;

public sealed class QuarantinePolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TaskClass Mail = new("default", "default", "mail", [], 1);

    [Theory]
    [InlineData(5, 5, 0, 100, true)]
    [InlineData(6, 6, 0, 30, true)]
    [InlineData(20, 20, 0, 8, true)]
    [InlineData(15, 30, 0, 60, true)]
    [InlineData(4, 4, 0, 600, false)]            // too few tasks
    [InlineData(14, 30, 0, 600, false)]          // does more well than not
    [InlineData(40, 40, 0, 0, false)]            // nobody to compare with
    [InlineData(40, 40, 0, 3, false)]            // may be luck of the others
    [InlineData(5, 5, 0, 20, false)]             // may be bad luck
    [InlineData(40, 40, 40, 100, false)]         // the tasks are bad too
    [InlineData(20, 40, 100, 500, false)]        // worse, but not by far
    public void Blames_the_worker_only_if_neither_the_tasks_nor_luck_explain_it(
        int failures, int attempts, int othersFailures, int othersAttempts, bool isWorse) =>
        Assert.Equal(isWorse, QuarantinePolicy.IsWorse(failures, attempts, othersFailures, othersAttempts));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 2)]
    [InlineData(1_000, 200)]
    public void A_fifth_of_a_pool_at_most_is_quarantined_and_one_at_least(int online, int limit) =>
        Assert.Equal(limit, QuarantinePolicy.LimitOf(online));

    /// <summary>Workers of very different speed, rates of failure from none to all, and outages that hit everybody, in which
    /// attempts hang and fail after it is over.</summary>
    [Fact]
    public void Nobody_is_blamed_where_all_fail_alike()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var rate = random.NextDouble() * random.NextDouble();
            var workers = Enumerable.Range(0, random.Next(2, 20)).Select(i => ($"w{i}", Seconds: Math.Pow(10, 2 * random.NextDouble() - 1))).ToList();
            var (from, to) = (random.Next(100, 300), random.Next(300, 600));
            var blamed = Play(new FailureWatch(), random, workers, seconds: 1_000,
                fails: (_, began, _) => random.NextDouble() < rate || (began >= from && began < to && random.Next(10) > 0));

            Assert.True(blamed.Count == 0, $"Seed {seed}: {blamed.FirstOrDefault()} is blamed at a common rate of {rate:F2}.");
        }
    }

    /// <summary>Also if it fails a hundred times faster than others succeed, and if one in ten tasks is bad by itself.</summary>
    [Fact]
    public void Who_fails_everything_is_blamed_and_nobody_else()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            List<(string Id, double Seconds)> workers =
                [("bad", Math.Pow(10, -random.NextDouble())), .. Enumerable.Range(0, random.Next(3, 20)).Select(i => ($"w{i}", 1 + 9 * random.NextDouble()))];
            var rate = random.NextDouble() / 10;

            var blamed = Play(new FailureWatch(), random, workers, seconds: 600, fails: (worker, _, _) => worker == "bad" || random.NextDouble() < rate);

            Assert.True(blamed.SetEquals(["bad"]), $"Seed {seed}: blamed are [{string.Join(' ', blamed)}].");
        }
    }

    [Fact]
    public void A_task_that_comes_back_to_the_worker_counts_once()
    {
        var watch = new FailureWatch();
        for (var i = 0; i < 300; i++) watch.Count(Result("good", failed: false, Start), Start);
        var task = Guid.NewGuid();

        for (var i = 1; i <= 100; i++)
        {
            var at = Start + TimeSpan.FromSeconds(i);
            Assert.Null(watch.Count(new AttemptResult("bad", task, Mail, true, at), at));
            watch.Count(Result("good", failed: false, at), at);
        }
    }

    [Fact]
    public void What_only_one_worker_can_do_says_nothing_about_it()
    {
        var watch = new FailureWatch();
        var special = new TaskClass("default", "default", "mail", [new("os", "windows")], 1);
        for (var i = 1; i <= 200; i++)
        {
            var at = Start + TimeSpan.FromSeconds(i);
            watch.Count(Result("good", failed: false, at), at);
            Assert.Null(watch.Count(new AttemptResult("windows", Guid.NewGuid(), special, true, at), at));
        }
    }

    /// <summary>Each worker does one task after the other; who is blamed.</summary>
    private static HashSet<string> Play(
        FailureWatch watch, Random random, List<(string Id, double Seconds)> workers, double seconds, Func<string, double, double, bool> fails)
    {
        var blamed = new HashSet<string>();
        var running = new PriorityQueue<(string Id, double Began, double Mean), double>();
        int[] slots = [1, 1, 2, 8, 30];
        foreach (var (id, mean) in workers)
            for (var slot = slots[random.Next(slots.Length)]; slot > 0; slot--) running.Enqueue((id, 0, mean), mean * random.NextDouble());
        for (var left = 5_000; left > 0 && running.TryDequeue(out var attempt, out var ended) && ended < seconds; left--)
        {
            var (began, now) = (Start + TimeSpan.FromSeconds(attempt.Began), Start + TimeSpan.FromSeconds(ended));
            var result = new AttemptResult(attempt.Id, Guid.NewGuid(), Mail, fails(attempt.Id, attempt.Began, ended), began);
            if (watch.Count(result, now) is not null) blamed.Add(attempt.Id);
            running.Enqueue((attempt.Id, ended, attempt.Mean), ended + attempt.Mean * (0.5 + random.NextDouble()));
        }
        return blamed;
    }

    private static AttemptResult Result(string worker, bool failed, DateTimeOffset at) => new(worker, Guid.NewGuid(), Mail, failed, at);
}
