using Broker.Contracts;

namespace Broker.Api;

/// <summary>Gathers tasks of concurrent requests into messages to the scheduler.</summary>
internal sealed class SubmissionBatcher
{
    /// <summary>Fields, names and numbers around type and payload of one task, in bytes; an upper bound in practice.</summary>
    private const int Overhead = 256;

    private readonly ISchedulerGateway gateway;
    private readonly ApiMetrics metrics;
    private readonly TimeProvider timeProvider;
    private readonly Gatherer<SubmittedTask, DateTimeOffset> gatherer;

    public SubmissionBatcher(ISchedulerGateway gateway, ApiMetrics metrics, TimeProvider timeProvider)
    {
        this.gateway = gateway;
        this.metrics = metrics;
        this.timeProvider = timeProvider;
        var limits = new GatherLimits(
            ItemLimit: Limits.BatchCount, WeightLimit: Limits.SubmissionBytes, InFlightLimit: 4,
            WaitingItemLimit: 50_000, WaitingWeightLimit: 128 * 1024 * 1024)
        {
            AnotherFrom = 100,
        };
        gatherer = new(limits, WeightOf, SendAsync, timeProvider);
    }

    /// <summary>A task each, completing with the moment of acceptance once its message is safe.</summary>
    /// <exception cref="SchedulerUnavailableException">Too many wait already; none of these was taken.</exception>
    public Task<DateTimeOffset>[] Add(IReadOnlyCollection<SubmittedTask> tasks) => gatherer.AddAll(tasks);

    private async Task<IReadOnlyList<DateTimeOffset>> SendAsync(IReadOnlyList<SubmittedTask> tasks)
    {
        var acceptedAt = timeProvider.GetUtcNow();
        var started = timeProvider.GetTimestamp();
        try
        {
            // Not the callers' cancellation: a message belongs to several of them.
            await gateway.SubmitAsync(new TaskSubmitted { AcceptedAt = acceptedAt, Tasks = tasks }, CancellationToken.None);
        }
        catch (SchedulerUnavailableException exception)
        {
            metrics.NotSubmitted(tasks.Count, exception.Code);
            throw;
        }
        metrics.Submitted(tasks.Count, timeProvider.GetElapsedTime(started));
        return [.. Enumerable.Repeat(acceptedAt, tasks.Count)];
    }

    private static long WeightOf(SubmittedTask task) =>
        task.Payload.Utf8.Length + (3L * task.Type.Length) + Overhead
        + (task.Requires?.Sum(label => 3L * (label.Key.Length + label.Value.Length)) ?? 0);
}
