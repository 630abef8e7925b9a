namespace Broker.Chaos;

/// <summary>Which faults come when, by the seed.</summary>
internal static class FaultPlan
{
    /// <summary>How often each kind comes in a full run.</summary>
    private static readonly Kind[] Kinds =
    [
        new(FaultCategory.Worker, "kill", 70, WorkerFaults.KillAsync, IsKill: true),
        new(FaultCategory.Worker, "kill-long", 14, WorkerFaults.KillLongAsync, IsKill: true),
        new(FaultCategory.Worker, "pause", 16, WorkerFaults.PauseAsync),
        new(FaultCategory.Worker, "cut", 8, WorkerFaults.CutAsync),
        new(FaultCategory.Worker, "stall-to-server", 6, WorkerFaults.StallToServerAsync),
        new(FaultCategory.Worker, "stall-to-client", 6, WorkerFaults.StallToClientAsync),

        new(FaultCategory.Scheduler, "kill-leader", 15, SchedulerFaults.KillLeaderAsync, IsKill: true),
        new(FaultCategory.Scheduler, "kill-standby", 4, SchedulerFaults.KillStandbyAsync, IsKill: true),
        new(FaultCategory.Scheduler, "pause-leader", 7, SchedulerFaults.PauseLeaderAsync),
        new(FaultCategory.Scheduler, "stop-leader", 4, SchedulerFaults.StopLeaderAsync),
        new(FaultCategory.Scheduler, "cut-rabbitmq", 3, SchedulerFaults.CutRabbitMqAsync),
        new(FaultCategory.Scheduler, "cut-postgres", 2, SchedulerFaults.CutPostgresAsync),
        new(FaultCategory.Scheduler, "stall-rabbitmq-to-server", 1, SchedulerFaults.StallRabbitMqToServerAsync),
        new(FaultCategory.Scheduler, "stall-rabbitmq-to-client", 2, SchedulerFaults.StallRabbitMqToClientAsync),
        new(FaultCategory.Scheduler, "stall-postgres-to-server", 1, SchedulerFaults.StallPostgresToServerAsync),
        new(FaultCategory.Scheduler, "stall-postgres-to-client", 1, SchedulerFaults.StallPostgresToClientAsync),

        new(FaultCategory.Api, "kill", 8, ApiFaults.KillAsync, IsKill: true),
        new(FaultCategory.Api, "pause", 2, ApiFaults.PauseAsync),
        new(FaultCategory.Api, "cut-rabbitmq", 2, ApiFaults.CutRabbitMqAsync),
        new(FaultCategory.Api, "stall-rabbitmq", 2, ApiFaults.StallRabbitMqAsync),
        new(FaultCategory.Api, "refuse-postgres", 1, ApiFaults.RefusePostgresAsync),

        new(FaultCategory.RabbitMq, "kill", 4, RabbitMqFaults.KillAsync, IsKill: true),
        new(FaultCategory.RabbitMq, "memory-alarm", 2, RabbitMqFaults.MemoryAlarmAsync),
        new(FaultCategory.RabbitMq, "disk-alarm", 2, RabbitMqFaults.DiskAlarmAsync),
        new(FaultCategory.RabbitMq, "delete-worker-queue", 2, WorkerQueueFaults.DeleteAsync),
        new(FaultCategory.RabbitMq, "purge-worker-queue", 1, WorkerQueueFaults.PurgeAsync),
        new(FaultCategory.RabbitMq, "delete-reports", 1, RabbitMqFaults.DeleteReportsAsync),
        new(FaultCategory.RabbitMq, "purge-reports", 1, RabbitMqFaults.PurgeReportsAsync),
        new(FaultCategory.RabbitMq, "delete-beats", 1, RabbitMqFaults.DeleteBeatsAsync),
        new(FaultCategory.RabbitMq, "purge-beats", 1, RabbitMqFaults.PurgeBeatsAsync),

        new(FaultCategory.Postgres, "stop", 4, PostgresFaults.StopAsync, IsKill: true),
        new(FaultCategory.Postgres, "kill", 2, PostgresFaults.KillAsync, IsKill: true),
        new(FaultCategory.Postgres, "lose-commit-reply", 4, PostgresFaults.LoseCommitReplyAsync),
    ];

    /// <summary>Kinds there are of each category.</summary>
    public static IReadOnlyDictionary<FaultCategory, int> KindCounts { get; } = Kinds.CountBy(kind => kind.Category).ToDictionary();

    public static List<PlannedFault> Of(RunPlan plan)
    {
        var random = new Random(plan.Seed);
        return [.. plan.Faults.SelectMany(category => Of(plan, category.Key, category.Value, random)).OrderBy(fault => fault.At)];
    }

    /// <summary>Evenly over the run, each somewhere in its part of it.</summary>
    private static IEnumerable<PlannedFault> Of(RunPlan plan, FaultCategory category, int count, Random random)
    {
        var kinds = Kinds.Where(kind => kind.Category == category && (kind.IsKill || !plan.KillsOnly))
            .SelectMany(kind => Enumerable.Repeat(kind, plan.EachOnce ? 1 : kind.Weight)).ToArray();
        random.Shuffle(kinds);
        for (var index = 0; index < count; index++)
        {
            var kind = kinds[index % kinds.Length];
            var at = (index + random.NextDouble()) / count * plan.Duration;
            yield return new PlannedFault(at, category, kind.Name, random.Next(), kind.RunAsync);
        }
    }

    private sealed record Kind(FaultCategory Category, string Name, int Weight, Func<FaultRun, Task> RunAsync, bool IsKill = false);
}
