using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api;

/// <summary>Workers as the database has them, with what the leader knows about this moment.</summary>
internal sealed class WorkerLookup(IBrokerReads reads, ISchedulerGateway gateway)
{
    /// <exception cref="ProblemException">There is no such worker.</exception>
    public async Task<WorkerRecord> GetAsync(string id, CancellationToken cancellationToken) =>
        (Names.IsValid(id) ? await reads.GetWorkerAsync(id, cancellationToken) : null) ?? throw Unknown(id);

    public async Task<WorkerResponse> ReadAsync(string id, CancellationToken cancellationToken) =>
        (await DescribeAsync([await GetAsync(id, cancellationToken)], cancellationToken))[0];

    /// <summary>In the order given. A leader that does not answer within a second is done without.</summary>
    public async Task<IReadOnlyList<WorkerResponse>> DescribeAsync(
        IReadOnlyList<WorkerRecord> workers, CancellationToken cancellationToken)
    {
        var now = await AskAsync(workers, cancellationToken);
        return [.. workers.Select((worker, i) => WorkerResponse.Of(worker, i < now.Count ? now[i] : null))];
    }

    public static ProblemException Unknown(string id) =>
        new Problem(ProblemCode.UnknownWorker, $"There is no worker {(id.Length <= 64 ? id : id[..64] + "…")}.").AsException();

    private async Task<IReadOnlyList<WorkerNow?>> AskAsync(
        IReadOnlyList<WorkerRecord> workers, CancellationToken cancellationToken)
    {
        if (workers.Count == 0) return [];

        try
        {
            var reply = await gateway.AskAsync<AskWorkers, WorkersNow>(
                new AskWorkers { Workers = [.. workers.Select(worker => worker.Id)] }, CommandTimeout.Embellishment, cancellationToken);
            return reply.Workers;
        }
        catch (SchedulerUnavailableException)
        {
            return [];
        }
    }
}
