using System.Threading.Channels;
using Broker.Contracts;

namespace Broker.Agent;

/// <summary>An open way between one worker and the scheduler. Once it breaks it stays broken; a new one takes its place.</summary>
internal interface IWorkerLink : IAsyncDisposable
{
    /// <summary>
    /// <see cref="OfferMessage"/>, <see cref="CancelMessage"/>, <see cref="DrainMessage"/> and <see cref="SettingsMessage"/>,
    /// acknowledged already: who disposes the link reads the rest first. Completes when the link breaks.
    /// </summary>
    ChannelReader<object> Incoming { get; }

    /// <summary>Sends a <see cref="ReportMessage"/> or an <see cref="InventoryMessage"/>. Completes when it is safe; throws if that is not known.</summary>
    Task SendAsync(object message, CancellationToken cancellationToken);

    /// <summary>Sends a sign of life; it may get lost. Work does not hold it up.</summary>
    Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken);
}
