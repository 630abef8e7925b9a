using System.Net.Mime;
using MassTransit;
using MassTransit.Middleware;

namespace Broker.Scheduler;

/// <summary>The receive context of an event that no transport delivered.</summary>
internal sealed class DetachedReceiveContext : BasePipeContext, ReceiveContext
{
    public static readonly DetachedReceiveContext Instance = new();

    public TimeSpan ElapsedTime => TimeSpan.Zero;
    public Uri InputAddress => null!;
    public ContentType ContentType => null!;
    public bool Redelivered => false;
    public Headers TransportHeaders => null!;
    public Task ReceiveCompleted => Task.CompletedTask;
    public bool IsDelivered => false;
    public bool IsFaulted => false;
    public ISendEndpointProvider SendEndpointProvider => null!;
    public IPublishEndpointProvider PublishEndpointProvider => null!;
    public bool PublishFaults => false;
    public MessageBody Body => null!;

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class =>
        Task.CompletedTask;

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task NotifyFaulted(Exception exception) => Task.CompletedTask;

    public void AddReceiveTask(Task task)
    {
    }
}
