using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Hands over what a committed turn has to say. Built before the next turn changes the tasks.</summary>
internal static class Outgoing
{
    public static void Send(TurnDraft turn, TurnReceipt receipt, IWorkerWire wire)
    {
        var registered = Declare(turn, wire);
        foreach (var (worker, message) in turn.Words) wire.Send(new WorkerMessage(worker, message, []));
        foreach (var (worker, attempts) in turn.Cancels)
            wire.Send(new WorkerMessage(worker, new CancelMessage { Attempts = attempts }, []));

        // An offer to be sent again may have ended later in the turn.
        var resends = turn.Resends.Where(offer => offer.Worker.Held.ContainsKey(offer.Task.Id) && offer.Task.State == TaskState.Offered);
        var offers = resends.Concat(turn.Offers.Where(offer => offer.Worker.Record.Transport == WorkerTransport.Amqp));
        foreach (var ofWorker in offers.GroupBy(offer => offer.Worker))
            foreach (var batch in ofWorker.Chunk(ofWorker.Key.Record.MaxBatch))
                Offer(turn, receipt, wire, ofWorker.Key, batch);

        foreach (var (to, reply) in turn.Replies)
            if (!registered.Contains(reply)) to.Answer(reply);
        foreach (var (waiter, tasks) in turn.Answered)
        {
            turn.State.Waiters.Remove(waiter);
            waiter.Reply.Answer(new TasksFinished { Tasks = tasks });
        }
    }

    /// <summary>A registration is answered once the queue stands; returns those answers.</summary>
    private static HashSet<object> Declare(TurnDraft turn, IWorkerWire wire)
    {
        var answers = new HashSet<object>();
        foreach (var (to, reply) in turn.Replies)
        {
            if (reply is not WorkerRegistered registered || !turn.Declares.Contains(registered.Worker)) continue;

            answers.Add(reply);
            wire.Declare(registered.Worker, stands =>
            {
                if (stands) to.Answer(reply);
                else to.Abandon();
            });
        }
        return answers;
    }

    private static void Offer(
        TurnDraft turn, TurnReceipt receipt, IWorkerWire wire, Worker worker, (Worker Worker, TaskRecord Task)[] batch)
    {
        var offers = Array.ConvertAll(batch, item => OfferOf(item.Task, worker, turn.State.Epoch,
            turn.PayloadOf(item.Task) ?? receipt.Payloads.GetValueOrDefault(item.Task.Id)));
        var attempts = Array.ConvertAll(offers, offer => new HeldAttempt(offer.Task, offer.Attempt));
        wire.Send(new WorkerMessage(worker.Id, new OfferMessage { Offers = offers }, attempts));
    }

    private static Offer OfferOf(TaskRecord task, Worker worker, int epoch, byte[]? payload) => new()
    {
        Task = task.Id,
        Type = task.Class.Type,
        Priority = task.Priority,
        Pool = task.Class.Pool,
        Attempt = task.Attempt,
        Token = task.Token.ToString(),
        Session = worker.Record.Session,
        Epoch = epoch,        // of who sends: one sent again must not look like an old leader's
        Number = task.Token.Number,
        Cost = task.Class.Cost,
        Timeout = Durations.Format(task.Timeout),
        Payload = new RawJson(payload),
    };
}
