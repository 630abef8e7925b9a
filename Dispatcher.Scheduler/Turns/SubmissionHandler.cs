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

    private static void Record(TurnDraft turn, TaskSubmitted message, SubmittedTask submitted)
    {
        var state = turn.State;
        var pool = state.Pools.GetValueOrDefault(submitted.Pool) ?? new PoolSettings { Name = submitted.Pool };
        var requires = submitted.Requires?.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray() ?? [];
        var task = new TaskRecord
        {
            Id = submitted.Id,
            Class = state.Intern(new TaskClass(message.Tenant, submitted.Pool, submitted.Type, requires, submitted.Cost)),
            Priority = (byte)submitted.Priority,
            Seq = state.NextSeq++,
            MaxAttempts = (short)(submitted.MaxAttempts ?? pool.Retry.MaxAttempts),
            Timeout = submitted.Timeout ?? pool.Timeout,
            BodyHash = submitted.BodyHash,
            CreatedAt = TaskId.TimeOf(submitted.Id) ?? message.AcceptedAt,
        };
        turn.Insert(task, submitted.Payload.ToArrayOrNull());
        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.Submitted, new Submitted(turn));
        state.Statistics.CountSubmitted();
        state.Reserve.Of(submitted.Pool).CountArrival();
    }
}
