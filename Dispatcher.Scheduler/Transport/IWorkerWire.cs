using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>The way to the workers. What is handed over goes out in order; nothing here waits.</summary>
/// <remarks>Bounded by the fleet's slots: an offer is handed over only for a free slot. A message that can't be routed comes
/// back as a <see cref="ReturnInput"/>; one that is not confirmed goes again, and at last the offer's lease repairs it.</remarks>
internal interface IWorkerWire
{
    /// <summary>Makes the worker's queue stand, then calls back: true if it stands. In order with the messages.</summary>
    void Declare(string worker, Action<bool> done);

    void Send(WorkerMessage message);
}

/// <summary>A message to one worker.</summary>
/// <param name="Body">An <see cref="OfferMessage"/>, <see cref="CancelMessage"/>, <see cref="DrainMessage"/> or <see cref="SettingsMessage"/>.</param>
/// <param name="Attempts">Attempts it offers, to name them if it comes back; empty for other messages.</param>
internal sealed record WorkerMessage(string Worker, object Body, IReadOnlyList<HeldAttempt> Attempts);
