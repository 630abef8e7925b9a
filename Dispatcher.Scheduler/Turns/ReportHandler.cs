using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Deals with what workers say about their attempts. Reports may come twice, late, out of order, or lie.</summary>
internal static class ReportHandler
{
    /// <summary>Over AMQP: nobody waits for an answer.</summary>
    public static void Handle(TurnDraft turn, ReportMessage message, IReadOnlyDictionary<Guid, HistoryEntry> finished)
    {
        WorkerHandler.Hear(turn, message.Worker, message.Session);
        foreach (var report in message.Reports)
        {
            if (turn.Find(report.Task, finished) is { } task) Raise(turn, task, message.Kind, report, message.Worker);
        }
    }

    /// <summary>Over HTTP: the answer says what became of it.</summary>
    public static AttemptsReported Handle(
        TurnDraft turn, ReportAttempts command, IReadOnlyDictionary<Guid, HistoryEntry> finished) =>
        new() { Answers = [.. command.Reports.Select(report => Handle(turn, report, finished))] };

    private static ReportAnswer Handle(TurnDraft turn, HttpReport http, IReadOnlyDictionary<Guid, HistoryEntry> finished)
    {
        var report = http.Report;
        var task = turn.Find(report.Task, finished);
        if (task is null) return new ReportAnswer { Code = ProblemCode.UnknownTask };
        if (task.Attempt != report.Attempt || task.Token.ToString() != report.Token || task.Worker is null)
        {
            Raise(turn, task, http.Kind, report, task.Worker ?? "");
            return new ReportAnswer { Code = ProblemCode.StaleAttempt };
        }

        if (http.Kind == WireKind.Started && task.State is TaskState.Canceling or TaskState.Canceled)
            return new ReportAnswer { Code = ProblemCode.Canceled };

        var before = (task.State, task.Outcome);
        Raise(turn, task, http.Kind, report, task.Worker);
        var obeyed = before != (task.State, task.Outcome) || Repeats(task, http.Kind);
        return obeyed ? new ReportAnswer { State = task.State } : new ReportAnswer { Code = ProblemCode.StaleAttempt };
    }

    /// <summary>Whether the report says again what the attempt's state says already.</summary>
    private static bool Repeats(TaskRecord task, string kind) => kind switch
    {
        WireKind.Started or WireKind.Progress => task.State is TaskState.Running or TaskState.Canceling,
        WireKind.Succeeded => task.Outcome == AttemptOutcome.Succeeded,
        WireKind.Failed => task.Outcome == AttemptOutcome.Failed,
        WireKind.Released => task.Outcome is AttemptOutcome.Released or AttemptOutcome.Canceled,
        _ => false,
    };

    private static void Raise(TurnDraft turn, TaskRecord task, string kind, Report report, string by)
    {
        // A token we never wrote reads as the default one, which no attempt has.
        _ = FenceToken.TryParse(report.Token, out var token);
        var machine = TaskLifecycle.Machine;
        var started = task.StartedAt;
        switch (kind)
        {
            case WireKind.Started:
                TaskLifecycle.Raise(turn, task, machine.StartReported, new StartReported(turn, report, token, by));
                break;
            case WireKind.Progress:
                TaskLifecycle.Raise(turn, task, machine.ProgressReported, new ProgressReported(turn, report, token, by));
                break;
            case WireKind.Succeeded:
                TaskLifecycle.Raise(turn, task, machine.SuccessReported, new SuccessReported(turn, report, token, by));
                break;
            case WireKind.Failed:
                TaskLifecycle.Raise(turn, task, machine.FailureReported, new FailureReported(turn, report, token, by));
                break;
            case WireKind.Released:
                TaskLifecycle.Raise(turn, task, machine.ReleaseReported, new ReleaseReported(turn, report, token, by));
                break;
        }
        if (started is null && task.StartedAt is { } start) turn.State.Statistics.CountStarted(start - task.QueuedAt);
    }
}
