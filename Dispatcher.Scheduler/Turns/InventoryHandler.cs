using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Compares what a worker says it holds with what it should hold, and repairs the difference at once.</summary>
internal static class InventoryHandler
{
    /// <summary>How long RabbitMQ may keep a report for a leader that was replaced and did not hang up: three heartbeats of its
    /// connection, and a margin.</summary>
    private static readonly TimeSpan HeldBack = TimeSpan.FromSeconds(14);

    public static void Handle(TurnDraft turn, InventoryMessage message)
    {
        if (!WorkerHandler.Hear(turn, message.Worker, message.Session)) return;

        var worker = turn.State.Workers[message.Worker];
        var listed = message.Attempts.ToHashSet();
        foreach (var task in worker.Held.Values.ToList())
        {
            if (listed.Contains(new HeldAttempt(task.Id, task.Attempt))) turn.State.Unconfirmed.Remove(task.Id);
            else if (task.Token.Number <= message.LastOffer) Miss(turn, task);
            else if (turn.State.Unconfirmed.Remove(task.Id)) turn.Resends.Add((worker, task));
        }
        StopStrangers(turn, worker, message.Attempts);
    }

    /// <summary>RabbitMQ may have lost what lay in the workers' queues.</summary>
    /// <remarks>Again and again, while it takes no messages: who was asked and has not answered is not asked once more.</remarks>
    public static void DoubtAll(TurnDraft turn)
    {
        foreach (var worker in turn.State.Workers.Values.Where(worker => Doubt(turn, worker))) Ask(turn, worker);
    }

    /// <summary>Whatever a worker holds may have ended, and what it was offered may never have reached it, while nobody led.</summary>
    public static void Adopt(TurnDraft turn, Worker worker)
    {
        Doubt(turn, worker);
        if (worker.Held.Count > 0 && worker.Record.Transport == WorkerTransport.Amqp) Ask(turn, worker);
    }

    /// <summary>What it was offered and does not list is sent again. True if some of that was not in doubt before.</summary>
    private static bool Doubt(TurnDraft turn, Worker worker)
    {
        if (worker.Record.Transport != WorkerTransport.Amqp) return false;

        var before = turn.State.Unconfirmed.Count;
        turn.State.Unconfirmed.UnionWith(worker.Held.Values.Where(task => task.State == TaskState.Offered).Select(task => task.Id));
        return turn.State.Unconfirmed.Count > before;
    }

    private static void Ask(TurnDraft turn, Worker worker) => turn.Words.Add((worker.Id, new SettingsMessage { SendInventory = true }));

    /// <summary>Of an HTTP worker, with its beat. Requests overtake each other, so an attempt is missing only if it had started
    /// before the beat before.</summary>
    public static void Handle(TurnDraft turn, Worker worker, IReadOnlyList<HeldAttempt> attempts, DateTimeOffset? heardBefore)
    {
        var listed = attempts.ToHashSet();
        foreach (var task in worker.Held.Values.Where(task => task.StartedAt < heardBefore).ToList())
            if (!listed.Contains(new HeldAttempt(task.Id, task.Attempt))) EndMissing(turn, task);
        StopStrangers(turn, worker, attempts);
    }

    /// <summary>The worker took this offer or a later one, and does not have it. Just after a takeover its report may still lie
    /// with the leader before; later, or if it has not come by then, the attempt is gone without one.</summary>
    private static void Miss(TurnDraft turn, TaskRecord task)
    {
        var reportsAreBack = turn.State.TookOverAt + HeldBack;
        if (turn.State.Epoch > 1 && turn.Now < reportsAreBack)
            turn.State.Deadlines.Add(reportsAreBack, new Deadline.Missing(task.Id, task.Attempt));
        else
            EndMissing(turn, task);
    }

    public static void EndMissing(TurnDraft turn, TaskRecord task)
    {
        var outcome = task.State == TaskState.Offered ? AttemptOutcome.Undeliverable : AttemptOutcome.Interrupted;
        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.AttemptEnded, new AttemptEnded(turn, outcome, "not-in-inventory"));
    }

    /// <summary>What it runs although we gave it up is to be stopped; its slots are needed.</summary>
    private static void StopStrangers(TurnDraft turn, Worker worker, IReadOnlyList<HeldAttempt> attempts)
    {
        foreach (var (task, attempt) in attempts)
            if (!worker.Held.TryGetValue(task, out var held) || held.Attempt != attempt)
                turn.TellToStop(worker, new CanceledAttempt { Task = task, Attempt = attempt, Reason = "superseded" });
    }
}
