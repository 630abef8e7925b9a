namespace Broker.Agent;

/// <summary>Payload of <c>sleep</c>: one of both.</summary>
internal sealed record SleepPayload(double? Ms, double? Seconds);

internal sealed record SleepResult(double SleptMs);

/// <summary><c>sleep</c>: waits, and stops when it is told to.</summary>
internal sealed class SleepHandler(TimeProvider timeProvider) : TaskHandler<SleepPayload, SleepResult>
{
    private static readonly double LongestMs = Contracts.Limits.LongestTimeout.TotalMilliseconds;

    public override async Task<SleepResult> HandleAsync(SleepPayload payload, TaskContext context, CancellationToken cancellationToken)
    {
        var ms = payload.Ms ?? payload.Seconds * 1_000;
        if (ms is not { } length || !(length >= 0 && length <= LongestMs))
            throw new TaskFailedException("invalid-payload", """A payload like {"ms": 100} or {"seconds": 2} is needed, at most 7 days.""", retryable: false);

        await Task.Delay(TimeSpan.FromMilliseconds(length), timeProvider, cancellationToken);
        return new SleepResult(length);
    }
}
