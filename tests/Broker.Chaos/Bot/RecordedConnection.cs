using System.Threading.Channels;
using Broker.Agent;
using Broker.Contracts;

namespace Broker.Chaos;

/// <summary>An agent's connection that writes registrations into the history and notes the offers that come.</summary>
internal sealed class RecordedConnection(IBrokerConnection inner, HistoryLog history, AttemptOffers offers) : IBrokerConnection
{
    public async Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        var line = new HistoryLine
        {
            Op = HistoryOp.Registered,
            Phase = HistoryPhase.Invoke,
            Worker = registration.Id,
            Slots = registration.Slots,
            Role = registration.Role,
        };
        history.Write(line);
        var registered = await inner.RegisterAsync(registration, cancellationToken);
        history.Write(line with { Phase = HistoryPhase.Ok, Session = registered.Session });
        return registered;
    }

    public async Task<IWorkerLink> ConnectAsync(WorkerRegistered session, CancellationToken cancellationToken) =>
        new RecordedLink(await inner.ConnectAsync(session, cancellationToken), offers);

    private sealed class RecordedLink(IWorkerLink inner, AttemptOffers offers) : IWorkerLink
    {
        public ChannelReader<object> Incoming { get; } = new RecordedReader(inner.Incoming, offers);

        public Task SendAsync(object message, CancellationToken cancellationToken) => inner.SendAsync(message, cancellationToken);

        public Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken) => inner.BeatAsync(beat, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class RecordedReader(ChannelReader<object> inner, AttemptOffers offers) : ChannelReader<object>
    {
        public override bool TryRead([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out object item)
        {
            if (!inner.TryRead(out item)) return false;

            offers.Note(item);
            return true;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => inner.WaitToReadAsync(cancellationToken);
    }
}
