using Broker.Contracts;

namespace Broker.Api;

/// <summary>Hands beats of HTTP workers to the scheduler, gathered from concurrent requests.</summary>
internal sealed class WorkerBeats
{
    private readonly Gatherer<WorkerBeat, WorkerBeatAnswer> gatherer;

    public WorkerBeats(ISchedulerGateway gateway, TimeProvider timeProvider)
    {
        var limits = new GatherLimits(
            ItemLimit: 1_000, WeightLimit: Limits.SubmissionBytes, InFlightLimit: 4,
            WaitingItemLimit: 50_000, WaitingWeightLimit: 32 * 1024 * 1024);
        gatherer = new(limits, beat => 128 + (80L * (beat.Attempts?.Count ?? 0)), SendAsync, timeProvider);

        async Task<IReadOnlyList<WorkerBeatAnswer>> SendAsync(IReadOnlyList<WorkerBeat> beats) =>
            (await gateway.AskAsync<BeatWorkers, WorkersBeat>(
                new BeatWorkers { Beats = beats }, CommandTimeout.Default, CancellationToken.None)).Answers;
    }

    /// <exception cref="ProblemException">The beat does not count.</exception>
    public async Task<WorkerBeatAnswer> BeatAsync(WorkerBeat beat, CancellationToken cancellationToken)
    {
        var answer = await gatherer.AddAsync(beat).WaitAsync(cancellationToken);
        return answer.Code switch
        {
            null => answer,
            ProblemCode.UnknownWorker => throw WorkerLookup.Unknown(beat.Worker),
            var code => throw new Problem(code, $"This session of worker {beat.Worker} has ended; register again.").AsException(),
        };
    }
}
