namespace Broker.Scheduler;

/// <summary>We can't deal with the message any more; it goes back to its queue and to whoever leads next.</summary>
internal sealed class AbandonedException() : Exception("No longer leading; the message goes back to its queue.");

/// <summary>A message somebody awaits.</summary>
internal sealed class HeldDelivery : IDelivery
{
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is safe; fails with <see cref="AbandonedException"/>.</summary>
    public Task Settled => _settled.Task;

    public void Settle() => _settled.TrySetResult();

    public void Abandon() => _settled.TrySetException(new AbandonedException());
}

/// <summary>A command somebody awaits the answer of.</summary>
internal sealed class HeldReply : IReply
{
    private readonly TaskCompletionSource<object> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, committed; fails with <see cref="AbandonedException"/>.</summary>
    public Task<object> Answered => _answered.Task;

    public void Answer(object reply) => _answered.TrySetResult(reply);

    public void Abandon() => _answered.TrySetException(new AbandonedException());
}
