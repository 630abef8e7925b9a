using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Records submitted tasks, each id once. Never rejects one: what can't run waits with a reason.</summary>
internal static class SubmissionHandler
{
    public static void Handle(TurnDraft turn, TaskSubmitted message, IReadOnlyDictionary<Guid, HistoryEntry> finished)
    {
        foreach (var submitted in message.Tasks)
        {
            var known = turn.Find(submitted.Id, finished);
            if (known is null) Record(turn, message, submitted);
            else if (known.BodyHash != submitted.BodyHash)
                turn.Note(known, new TaskTransition { Event = ProblemCode.IdempotencyConflict, State = known.State, By = "scheduler" });
        }
    }

    /// <summary>The API has checked the bounds; one that did not can't stop the scheduler, nor lose the task.</summary>
    private static void Record(TurnDraft turn, TaskSubmitted message, SubmittedTask submitted)
    {
        var state = turn.State;
        var pool = state.Pools.GetValueOrDefault(submitted.Pool) ?? new PoolSettings { Name = submitted.Pool };
        var requires = submitted.Requires?.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray() ?? [];
        var task = new TaskRecord
        {
            Id = submitted.Id,
            Class = state.Intern(new TaskClass(
                message.Tenant, submitted.Pool, submitted.Type, requires, Math.Clamp(submitted.Cost, 1, Limits.Slots))),
            Priority = (byte)Math.Clamp(submitted.Priority, 0, Limits.HighestPriority),
            Seq = state.NextSeq++,
            MaxAttempts = (short)Math.Clamp(submitted.MaxAttempts ?? pool.Retry.MaxAttempts, 1, Limits.MaxAttempts),
            Timeout = TimeSpan.FromTicks(Math.Clamp(
                (submitted.Timeout ?? pool.Timeout).Ticks, Limits.ShortestTimeout.Ticks, Limits.LongestTimeout.Ticks)),
            BodyHash = submitted.BodyHash,
            CreatedAt = TaskId.TimeOf(submitted.Id) ?? message.AcceptedAt,
        };
        turn.Insert(task, submitted.Payload.ToArrayOrNull());
        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.Submitted, new Submitted(turn));
        state.Statistics.CountSubmitted();
        state.FlowOf(submitted.Pool)?.CountArrival();
    }
}
