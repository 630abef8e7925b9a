using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Turns what the log holds into the events others follow. Pure.</summary>
internal static class DomainEvents
{
    /// <summary>In commit order, each with the task or worker it is about; most steps of a task are nobody else's business and
    /// give nothing.</summary>
    public static IEnumerable<(object Subject, object Event)> Of(EventPage page) =>
        page.Tasks.SelectMany(entry => entry.Transitions.Select(step => (entry.Seq, Subject: (object)entry.Task, Event: Of(entry, step))))
            .Concat(page.Fleet.Select(entry => (entry.Seq, Subject: (object)(entry.Worker ?? ""), Event: Of(entry))))
            .Where(item => item.Event is not null)
            .OrderBy(item => item.Seq)
            .Select(item => (item.Subject, item.Event!));

    private static object? Of(TaskEventRecord entry, TaskTransition step) => step switch
    {
        { Event: "offered" } => new TaskOffered(entry.Seq, entry.At, entry.Task, step.Attempt ?? 0, step.Worker ?? "", step.Load ?? 0, step.Eligible ?? 0),
        { Event: "started" } => new TaskStarted(entry.Seq, entry.At, entry.Task, step.Attempt ?? 0, step.Worker ?? ""),
        { Event: "attempt-ended", Outcome: AttemptOutcome.Succeeded } =>
            new TaskSucceeded(entry.Seq, entry.At, entry.Task, step.Attempt ?? 0, step.Worker ?? ""),
        { Event: "attempt-ended" } =>
            new AttemptFailed(entry.Seq, entry.At, entry.Task, step.Attempt ?? 0, step.Worker, step.Outcome ?? "", step.Reason),
        { Event: "dead" } => new TaskDead(entry.Seq, entry.At, entry.Task, step.Reason ?? ""),
        { Event: "canceled" } => new TaskCanceled(entry.Seq, entry.At, entry.Task),
        _ => null,
    };

    private static object? Of(FleetEventRecord entry) => entry.Kind switch
    {
        "lost" => new WorkerLost(entry.Seq, entry.At, entry.Worker ?? "", entry.Pool, entry.Reason ?? ""),
        "quarantined" => new WorkerQuarantined(entry.Seq, entry.At, entry.Worker ?? "", entry.Pool, entry.Reason ?? ""),
        "activated" => new ReserveActivated(entry.Seq, entry.At, entry.Worker ?? "", entry.Pool, entry.Reason ?? ""),
        "deactivated" => new ReserveDeactivated(entry.Seq, entry.At, entry.Worker ?? "", entry.Pool, entry.Reason ?? ""),
        _ => null,
    };
}
