using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Says why a task does not run yet, with numbers.</summary>
/// <remarks>Reads the leader's memory after placement, so the reasons are those of this turn.</remarks>
internal static class Explainer
{
    public static TaskExplained Explain(SchedulerState state, TaskRecord task) =>
        new() { State = task.State, Reasons = [.. ReasonsOf(state, task)] };

    private static IEnumerable<ExplainReason> ReasonsOf(SchedulerState state, TaskRecord task)
    {
        if (task is { State: TaskState.Retrying, RetryAt: { } at })
            yield return new ExplainReason { Code = "retry-at", Detail = $"Attempt {task.Attempt} failed; the next one waits for its time.", At = at };
        if (task.State != TaskState.Queued) yield break;

        if (!state.Pools.ContainsKey(task.Class.Pool))
        {
            yield return new ExplainReason
            {
                Code = "unknown-pool",
                Detail = $"There is no pool '{task.Class.Pool}'. Make it with PUT /v1/pools/{task.Class.Pool}.",
            };
            yield break;
        }

        foreach (var reason in Room(state, task)) yield return reason;
        if (Ahead(state, task) is { Ahead: > 0 } ahead) yield return ahead;
    }

    private static IEnumerable<ExplainReason> Room(SchedulerState state, TaskRecord task)
    {
        if (LeastLoad.Choose(state.Fleet, task.Class) is not PlacementDecision.Wait(var wait))
        {
            yield return new ExplainReason { Code = "scheduler-behind", Detail = "A worker has room; the scheduler gets to this task in one of its next turns." };
            yield break;
        }
        if (wait == WaitReason.NoEligibleWorker)
        {
            yield return NobodyEligible(state, task);
            yield break;
        }

        var serving = state.Workers.Values.Where(worker => worker.IsUsable && MissingOf(worker, task.Class).Count == 0).ToList();
        var used = serving.Sum(worker => worker.SlotsUsed);
        var total = serving.Sum(worker => worker.Record.Slots);
        yield return wait == WaitReason.PoolFull
            ? new ExplainReason
            {
                Code = "pool-full",
                Detail = $"All {total} slots of the {serving.Count} workers that could run it are in use.",
                SlotsUsed = used,
                SlotsTotal = total,
            }
            : new ExplainReason
            {
                Code = "waiting-for-room",
                Detail = $"It takes {task.Class.Cost} slots; no worker has that many free.",
                SlotsUsed = used,
                SlotsTotal = total,
                Cost = task.Class.Cost,
            };
    }

    private static ExplainReason NobodyEligible(SchedulerState state, TaskRecord task)
    {
        var missing = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var looked = 0;
        foreach (var worker in state.Workers.Values.Where(worker => worker.Record.Pool == task.Class.Pool))
        {
            looked++;
            foreach (var lack in MissingOf(worker, task.Class)) missing[lack] = missing.GetValueOrDefault(lack) + 1;
        }
        return new ExplainReason
        {
            Code = "no-eligible-worker",
            Detail = looked == 0 ? $"No worker has registered in pool '{task.Class.Pool}'."
                : $"None of {looked} workers of pool '{task.Class.Pool}' can run it now.",
            Workers = looked,
            Missing = missing,
        };
    }

    /// <summary>What keeps a worker from running the class, room aside.</summary>
    private static List<string> MissingOf(Worker worker, TaskClass taskClass)
    {
        var record = worker.Record;
        var missing = new List<string>();
        if (record.Pool != taskClass.Pool) missing.Add($"pool {taskClass.Pool}");
        if (record.Types is { } types && !types.Contains(taskClass.Type)) missing.Add($"type {taskClass.Type}");
        foreach (var (key, value) in taskClass.Requires)
            if (!record.Labels.TryGetValue(key, out var has) || has != value) missing.Add($"label {key}={value}");
        if (record.Liveness != Liveness.Online) missing.Add($"is {record.Liveness}");
        if (record.Admission != Admission.Open) missing.Add($"is {record.Admission}");
        if (record is { Role: WorkerRole.Reserve, Activated: false }) missing.Add("is reserve, not activated");
        if (record.Slots < taskClass.Cost) missing.Add($"{taskClass.Cost} slots");
        return missing;
    }

    /// <summary>Tasks that go first among those that want the same pool's workers.</summary>
    private static ExplainReason Ahead(SchedulerState state, TaskRecord task)
    {
        long higher = 0;
        long earlier = 0;
        var approximate = false;
        foreach (var line in state.Backlog.Lines.Where(line => line.Class.Pool == task.Class.Pool))
        {
            for (var priority = task.Priority + 1; priority <= Limits.HighestPriority; priority++) higher += line.CountAt(priority);

            var before = line.CountBefore(task.Priority, task.Seq);
            earlier += before ?? line.CountAt(task.Priority);
            approximate |= before is null;
        }
        return new ExplainReason
        {
            Code = "priority",
            Detail = $"{(approximate ? "Up to " : "")}{higher + earlier} tasks of pool '{task.Class.Pool}' go first: "
                + $"{higher} of higher priority, {earlier} earlier ones of priority {task.Priority}.",
            Ahead = higher + earlier,
            Approximate = approximate,
        };
    }
}
