using Broker.Contracts;
using Broker.Scheduler;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>A leader's consumers on the shared queues: what it has not settled when it is gone goes back.</summary>
internal sealed class Attachment(Simulator simulator, SimulatedBroker broker, SimulatedProcess process, Inbox inbox, Action broken)
{
    private readonly Dictionary<QueuedMessage, SharedQueue> _unsettled = [];
    private long _lastArrival;

    public SimulatedProcess Process => process;

    public bool IsOpen { get; private set; } = true;

    public void Take(SharedQueue queue, QueuedMessage message)
    {
        if (queue.NeedsSettling && broker.Faults.Planted != PlantedBug.AcknowledgeOnArrival) _unsettled[message] = queue;

        // One connection: nothing overtakes.
        var arrival = Math.Max(_lastArrival, simulator.Ticks + broker.Faults.Travel().Ticks);
        _lastArrival = arrival;
        simulator.After(TimeSpan.FromTicks(arrival - simulator.Ticks), () =>
        {
            if (IsOpen && process.CanHear) process.Do(() => Post(message));
        });
    }

    public void Return(string worker, IReadOnlyList<HeldAttempt> attempts) => process.Do(() =>
    {
        if (IsOpen && process.CanHear) inbox.Post(new ReturnInput(worker, attempts));
    });

    public void Review() => process.Do(() =>
    {
        if (IsOpen) inbox.Post(new ReserveReviewInput());
    });

    /// <summary>The acknowledgement travels too, and dies with the connection.</summary>
    public void Settle(QueuedMessage message) =>
        simulator.After(simulator.Milliseconds(0.1, 2), () =>
        {
            if (IsOpen && process.CanSend) _unsettled.Remove(message);
        });

    public void GiveBack(QueuedMessage message)
    {
        if (!IsOpen || !process.CanSend || !_unsettled.Remove(message, out var queue)) return;

        queue.Return(message);
        simulator.After(TimeSpan.FromMilliseconds(1), queue.Pump);
    }

    /// <summary>The connection is no longer needed.</summary>
    public void Close()
    {
        if (!IsOpen) return;

        IsOpen = false;
        broker.Detach(this);
        foreach (var (message, queue) in _unsettled) queue.Return(message);
        _unsettled.Clear();
        broker.PumpAll();
    }

    /// <summary>The connection broke; whoever held it hears of it.</summary>
    public void Break()
    {
        if (!IsOpen) return;

        Close();
        process.Do(broken);
    }

    private void Post(QueuedMessage message)
    {
        if (!IsOpen) return;

        var delivery = new SimulatedDelivery(broker, this, message);
        var posted = PlantedDoor.Read(message.Body, broker.Faults.Planted, broker.World) switch
        {
            TaskSubmitted submitted => inbox.PostAsync(new SubmissionInput(submitted, delivery), CancellationToken.None),
            var report when report is ReportMessage or InventoryMessage => inbox.PostAsync(new ReportInput(report, delivery), CancellationToken.None),
            QuarantinedMessage unreadable => inbox.PostAsync(new QuarantineInput(unreadable, delivery), CancellationToken.None),
            BeatMessage beat => Beat(beat),
            var command => inbox.PostAsync(new CommandInput(command, new SimulatedReply(broker, this, message)), CancellationToken.None),
        };
        broker.NoteHeard(process.Epoch, message.Body);
        if (posted.IsFaulted) GiveBack(message);      // the leadership is over, the inbox closed
        else if (!posted.IsCompleted) broker.NoteFull(process);
    }

    private ValueTask Beat(BeatMessage beat)
    {
        inbox.Post(new BeatInput(beat));
        return ValueTask.CompletedTask;
    }
}
