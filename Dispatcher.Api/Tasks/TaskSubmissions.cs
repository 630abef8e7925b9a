using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api;

/// <summary>Takes tasks in: checks them, gives them ids, and hands them to the scheduler.</summary>
internal sealed class TaskSubmissions(
    TaskIdIssuer ids, IBrokerReads reads, KnownPools pools, SubmissionBatcher batcher)
{
    /// <summary>The only tenant for now.</summary>
    public const string Tenant = "default";

    /// <summary>An outcome per request, in order. One bad request does not stop the others.</summary>
    public async Task<IReadOnlyList<Submission>> SubmitAsync(
        IReadOnlyList<(SubmitTaskRequest? Request, Problem? Problem, string? Key)> requests, CancellationToken cancellationToken)
    {
        var outcomes = new Submission?[requests.Count];
        var tasks = new SubmittedTask?[requests.Count];
        for (var i = 0; i < requests.Count; i++)
        {
            var (request, problem, key) = requests[i];
            if (request is not null) (tasks[i], problem) = TaskRules.Check(request);
            if (tasks[i] is { } task && !await pools.MayExistAsync(task.Pool, cancellationToken))
                problem = new Problem(ProblemCode.UnknownPool, $"There is no pool {task.Pool}; PUT /v1/pools/{task.Pool} makes it.");

            if (problem is not null) (outcomes[i], tasks[i]) = (new Submission.Refused(problem), null);
            else tasks[i] = Identify(tasks[i]!, key);
        }
        await FindReplaysAsync(tasks, outcomes, cancellationToken);
        await HandOverAsync(tasks, outcomes, cancellationToken);
        return outcomes!;
    }

    private SubmittedTask Identify(SubmittedTask task, string? key) => key is null
        ? task with { Id = ids.Issue() }
        : task with { Id = ids.IssueFor(Tenant, key), BodyHash = BodyHash.Of(task) };

    /// <summary>Keyed tasks that are recorded already are answered from the database. Without it they go on: the
    /// scheduler records an id once.</summary>
    private async Task FindReplaysAsync(SubmittedTask?[] tasks, Submission?[] outcomes, CancellationToken cancellationToken)
    {
        var keyed = tasks.Where(task => task?.BodyHash is not null).Select(task => task!.Id).ToHashSet();
        if (keyed.Count == 0) return;

        Dictionary<Guid, TaskView> known;
        try
        {
            var views = await reads.GetTasksAsync(keyed, withPayload: tasks.Length == 1, cancellationToken);
            known = views.ToDictionary(view => view.Task.Id);
        }
        catch (StoreUnavailableException)
        {
            return;
        }
        for (var i = 0; i < tasks.Length; i++)
        {
            if (tasks[i] is not { BodyHash: { } hash } task || !known.TryGetValue(task.Id, out var view)) continue;

            outcomes[i] = view.Task.BodyHash == hash
                ? new Submission.Replayed(view)
                : new Submission.Refused(new Problem(
                    ProblemCode.IdempotencyKeyReused, "This key was used for a task with another content; take a new key."));
            tasks[i] = null;
        }
    }

    private async Task HandOverAsync(SubmittedTask?[] tasks, Submission?[] outcomes, CancellationToken cancellationToken)
    {
        var open = Enumerable.Range(0, tasks.Length).Where(i => tasks[i] is not null).ToArray();
        if (open.Length == 0) return;

        Task<DateTimeOffset>[] confirmations;
        try
        {
            confirmations = batcher.Add(Array.ConvertAll(open, i => tasks[i]!));
        }
        catch (SchedulerUnavailableException exception)
        {
            foreach (var i in open) outcomes[i] = new Submission.Refused(ProblemMap.Of(exception)!);
            return;
        }
        for (var at = 0; at < open.Length; at++)
            outcomes[open[at]] = await ConfirmAsync(tasks[open[at]]!, confirmations[at], cancellationToken);
    }

    private static async Task<Submission> ConfirmAsync(
        SubmittedTask task, Task<DateTimeOffset> confirmation, CancellationToken cancellationToken)
    {
        try
        {
            return new Submission.Accepted(task, await confirmation.WaitAsync(cancellationToken));
        }
        catch (SchedulerUnavailableException exception)
        {
            return new Submission.Refused(ProblemMap.Of(exception)!);
        }
    }
}
