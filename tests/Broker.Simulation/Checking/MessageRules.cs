using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>What leaves the scheduler must be covered by a commit: S17 offers, A1 acknowledgements, A2 answers.</summary>
internal sealed class MessageRules(World world)
{
    /// <summary>A message is about to go to a worker's queue.</summary>
    /// <param name="epoch">The sender's.</param>
    public void Sent(string queueOf, object body, int epoch)
    {
        if (body is OfferMessage offers)
            foreach (var offer in offers.Offers) CheckOffer(queueOf, offer, epoch);

        // A leader that was paused may say what is no longer so.
        if (body is CancelMessage cancels && epoch == world.AcquiredEpoch)
            foreach (var cancel in cancels.Attempts) CheckCancel(queueOf, cancel);
    }

    public void SubmissionSettled(TaskSubmitted message)
    {
        foreach (var task in message.Tasks)
            if (!world.Tasks.ContainsKey(task.Id) && !(world.Poisoned.Contains(task.Id) && world.Quarantined > 0))
                world.Report("A1", $"the submission of {task.Id} was acknowledged before it was recorded", task.Id);
    }

    public void ReportSettled(ReportMessage message)
    {
        if (message.Kind is WireKind.Started or WireKind.Progress) return;

        foreach (var report in message.Reports)
            if (world.Tasks.TryGetValue(report.Task, out var task) && task.IsLive && task.Token.ToString() == report.Token
                && task.Worker == message.Worker && report.Error?.Message.Contains('\0', StringComparison.Ordinal) != true)
                world.Report("A1", $"'{message.Kind}' of {task} was acknowledged, but no commit covers it", task.Id, message.Worker);
    }

    public void Answered(object command, object reply)
    {
        switch (reply)
        {
            case TasksFinished finished:
                foreach (var id in finished.Tasks)
                    if (!world.Tasks.TryGetValue(id, out var task) || (!TaskState.IsFinished(task.State) && task.Round == 1))
                        world.Report("A2", $"a client heard that {id} has finished, which is not committed", id);
                break;
            case WorkerRegistered registered:
                if (registered.BeatInterval < TimeSpan.FromSeconds(1))
                    world.Report("A2", $"{registered.Worker} was told to beat every {registered.BeatInterval}", null, registered.Worker);
                if (!world.Workers.ContainsKey(registered.Worker))
                    world.Report("A2", $"{registered.Worker} was told of a session that is not committed", null, registered.Worker);
                break;
            case TaskChanged { State: TaskState.Canceled } changed when command is CancelTask:
                if (!world.Tasks.TryGetValue(changed.Task, out var canceled) || canceled.State != TaskState.Canceled)
                    world.Report("A2", $"a client heard that {changed.Task} is canceled, which is not committed", changed.Task);
                break;
        }
    }

    private void CheckOffer(string queueOf, Offer offer, int epoch)
    {
        if (!FenceToken.TryParse(offer.Token, out var token) || !world.Leases.TryGetValue(token.Number, out var lease) || lease.Token != token)
        {
            world.Report("S17", $"an offer of {offer.Task} with token {offer.Token} was sent, which is not committed", offer.Task, queueOf);
            return;
        }

        var task = lease.Task;
        if (offer.Task != task.Id || offer.Attempt != lease.Attempt || queueOf != lease.Worker || offer.Session != lease.Session)
            world.Report("S17", $"the offer of {task} went to {queueOf}, session {offer.Session}, but {lease} is committed", task.Id, queueOf);
        if (offer.Epoch != epoch)
            world.Report("S17", $"the offer of {task} was sent under epoch {epoch} and says {offer.Epoch}: a worker that saw a newer one drops it", task.Id, queueOf);
        if (offer.Type != task.Class.Type || offer.Priority != task.Priority || offer.Cost != task.Class.Cost || offer.Pool != task.Class.Pool)
            world.Report("S17", $"the offer of {task} says something else than its record", task.Id, queueOf);
        if (world.HandedIn.TryGetValue(task.Id, out var handedIn) && !offer.Payload.Utf8.Span.SequenceEqual(handedIn.Payload.Utf8.Span))
            world.Report("S17", $"the offer of {task} carries another payload than was handed in", task.Id, queueOf);
    }

    private void CheckCancel(string queueOf, CanceledAttempt cancel)
    {
        if (world.Tasks.TryGetValue(cancel.Task, out var task) && task.IsLive && task.Attempt == cancel.Attempt
            && task.Worker == queueOf && task.State != TaskState.Canceling)
            world.Report("S17", $"{queueOf} was told to stop {task} ({cancel.Reason}), which nobody ended", task.Id, queueOf);
    }
}
