using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Watches who fails tasks that others do well. Tasks are compared with their own kind only: what needs a label or a
/// type that one worker has says nothing about that worker.</summary>
/// <remarks>Memory only: a new leader begins anew. Bounded: past its limits it forgets everything, which costs time, no wrong verdict.</remarks>
internal sealed class FailureWatch
{
    private const int KindLimit = 1_000;
    private const int StreakLimit = 100_000;

    /// <summary>A streak that says nothing for so long is over.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Dictionary<TaskClass, KindOutcomes> _kinds = [];
    private int _streaks;

    /// <summary>Counts an attempt that succeeded or failed. The sentence on the worker if by now it is certain that the worker
    /// is to blame; null otherwise.</summary>
    public string? Count(AttemptResult result, DateTimeOffset now)
    {
        var kind = KindOf(result.Class);
        kind.Add(result);
        if (!kind.Streaks.TryGetValue(result.Worker, out var streak) || now - streak.LastAt > Memory)
        {
            if (streak is not null) End(kind, result.Worker);
            if (!result.Failed) return null;

            kind.Streaks[result.Worker] = streak = new FailureStreak(result.BeganAt);
            _streaks++;
        }

        var sentence = streak.Count(result, now) ? Judge(kind, streak, result, now) : null;
        if (streak.IsOver) End(kind, result.Worker);
        return sentence;
    }

    /// <summary>The worker begins anew.</summary>
    public void Forget(string worker)
    {
        foreach (var kind in _kinds.Values) End(kind, worker);
    }

    /// <summary>If nothing comes of the sentence, because too many are quarantined already, it takes as much again for the next.</summary>
    private static string? Judge(KindOutcomes kind, FailureStreak streak, AttemptResult result, DateTimeOffset now)
    {
        var others = kind.OfOthers(result.Worker, streak.Since);
        var (failures, attempts) = (streak.Failures, streak.Attempts);
        if (!QuarantinePolicy.IsWorse(failures, attempts, others.Failures, others.Attempts) || !streak.Condemn(now)) return null;

        streak.BeginAgain(now);
        return $"failed {failures} of its last {attempts} tasks of type '{result.Class.Type}'; "
            + $"others failed {others.Failures} of {others.Attempts} meanwhile";
    }

    private KindOutcomes KindOf(TaskClass taskClass)
    {
        if (_kinds.TryGetValue(taskClass, out var kind) && _streaks < StreakLimit) return kind;

        if (_kinds.Count >= KindLimit || _streaks >= StreakLimit)
        {
            _kinds.Clear();
            _streaks = 0;
        }
        return _kinds[taskClass] = new KindOutcomes();
    }

    private void End(KindOutcomes kind, string worker)
    {
        if (kind.Streaks.Remove(worker)) _streaks--;
    }
}

/// <summary>An attempt that its worker ended with a result or an error, or that ran too long.</summary>
internal readonly record struct AttemptResult(string Worker, Guid Task, TaskClass Class, bool Failed, DateTimeOffset BeganAt);
