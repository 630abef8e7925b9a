using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Context;

namespace Broker.Scheduler;

/// <summary>The consume context of an event that no transport delivered. It carries nothing and sends nothing.</summary>
/// <remarks>MassTransit's behaviors want one around every event; ours only change the task and note effects.</remarks>
internal sealed class DetachedConsumeContext() : BaseConsumeContext(DetachedReceiveContext.Instance, null!)
{
    public static readonly DetachedConsumeContext Instance = new();

    public override Task ConsumeCompleted => Task.CompletedTask;
    public override Guid? MessageId => null;
    public override Guid? RequestId => null;
    public override Guid? CorrelationId => null;
    public override Guid? ConversationId => null;
    public override Guid? InitiatorId => null;
    public override DateTime? ExpirationTime => null;
    public override Uri SourceAddress => null!;
    public override Uri DestinationAddress => null!;
    public override Uri ResponseAddress => null!;
    public override Uri FaultAddress => null!;
    public override DateTime? SentTime => null;
    public override Headers Headers => null!;
    public override HostInfo Host => null!;
    public override IEnumerable<string> SupportedMessageTypes => [];
    public override bool HasMessageType(Type messageType) => false;

    public override bool TryGetMessage<T>([NotNullWhen(true)] out ConsumeContext<T>? consumeContext)
    {
        consumeContext = null;
        return false;
    }

    public override bool HasPayloadType(Type payloadType) => false;

    public override bool TryGetPayload<T>([NotNullWhen(true)] out T? payload) where T : class
    {
        payload = null;
        return false;
    }

    public override T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory) => payloadFactory();

    public override T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory) =>
        addFactory();

    public override void AddConsumeTask(Task task) => throw NotHere();

    public override Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) =>
        Task.CompletedTask;

    public override Task NotifyFaulted<T>(
        ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) => Task.CompletedTask;

    private static InvalidOperationException NotHere() => new("A behavior changes the task and notes effects; it sends nothing.");
}
