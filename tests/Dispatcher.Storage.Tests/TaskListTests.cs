using Broker.Contracts;

namespace Broker.Storage.Tests;

/// <summary>Pages over tasks of all kinds, against a list sorted in memory.</summary>
public abstract class TaskListTests(StorageUnderTest storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_show_every_task_once_newest_first()
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"Seed {seed}");
        var random = new Random(seed);
        await using var leader = await Leader.AcquireAsync(storage.Store);
        var tasks = await FillAsync(leader, random, 600);

        TaskFilter[] filters =
        [
            new() { Limit = 7 },
            new() { Limit = 500 },
            new() { Limit = 3, States = [TaskState.Dead] },
            new() { Limit = 9, States = [TaskState.Queued, TaskState.Succeeded] },
            new() { Limit = 5, States = [TaskState.Running] },
            new() { Limit = 4, Types = ["a", "c"], Pools = ["p1"] },
            new() { Limit = 4, Workers = ["w1"] },
            new() { Limit = 8, CreatedAfter = Some.Now.AddMilliseconds(-200), CreatedBefore = Some.Now.AddMilliseconds(-20) },
            new() { Limit = 8, CreatedAfter = Some.Now.AddDays(-2), States = [TaskState.Canceled, TaskState.Queued] },
        ];
        foreach (var filter in filters)
        {
            var expected = tasks.Where(task => Matches(filter, task)).OrderByDescending(task => task.CreatedAt)
                .ThenByDescending(task => task.Id).Select(task => task.Id);
            Assert.Equal(expected, await WalkAsync(filter));
        }
    }

    /// <summary>Few distinct moments, so that many tasks share a millisecond.</summary>
    private static async Task<List<TaskRecord>> FillAsync(Leader leader, Random random, int count)
    {
        var tasks = new List<TaskRecord>();
        for (var i = 0; i < count; i++)
        {
            var at = Some.Now.AddMilliseconds(-random.Next(300)).AddDays(-random.Next(4));
            var task = Some.Task(keyed: random.Next(3) == 0, at,
                new TaskClass("default", $"p{random.Next(2)}", random.GetItems(["a", "b", "c"], 1)[0], [], 1));
            task.Worker = random.Next(2) == 0 ? $"w{random.Next(3)}" : null;
            tasks.Add(task);
        }
        await leader.CommitAsync(turn => turn.Inserted.AddRange(tasks.Select(task => (task, (byte[]?)null))));
        await leader.CommitAsync(turn => turn.Finished.AddRange(tasks.Where(_ => random.Next(2) == 0)
            .Select(task => Some.Finish(task, random.GetItems([TaskState.Succeeded, TaskState.Dead, TaskState.Canceled], 1)[0]))));
        return tasks;
    }

    private async Task<List<Guid>> WalkAsync(TaskFilter filter)
    {
        var seen = new List<Guid>();
        while (true)
        {
            var page = await storage.Reads.ListTasksAsync(filter, Cancel);
            Assert.True(page.Items.Count <= filter.Limit);
            seen.AddRange(page.Items.Select(item => item.Task.Id));
            if (page.Next is null) return seen;

            Assert.NotEqual(filter.Cursor, page.Next);
            filter = filter with { Cursor = page.Next };
        }
    }

    private static bool Matches(TaskFilter filter, TaskRecord task) => Any(filter.States, task.State)
        && Any(filter.Types, task.Class.Type) && Any(filter.Pools, task.Class.Pool) && Any(filter.Workers, task.Worker)
        && !(task.CreatedAt < filter.CreatedAfter) && !(task.CreatedAt >= filter.CreatedBefore);

    private static bool Any(IReadOnlyList<string>? names, string? name) => names is null || (name is not null && names.Contains(name));
}
