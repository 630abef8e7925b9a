using Broker.Contracts;

namespace Broker.Api;

/// <summary>Takes tasks in: checks them, gives them ids, and hands them to the scheduler.</summary>
internal sealed class TaskSubmissions(
    TaskIdIssuer ids, OptionalReads reads, KnownPools pools, SubmissionBatcher batcher)
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
            if (problem is not null) outcomes[i] = new Submission.Refused(problem);
            else tasks[i] = Identify(tasks[i]!, key);
        }
        await RefuseUnknownPoolsAsync(tasks, outcomes, cancellationToken);
        await FindReplaysAsync(tasks, outcomes, cancellationToken);
        await HandOverAsync(tasks, outcomes, cancellationToken);
        return outcomes!;
    }

    private SubmittedTask Identify(SubmittedTask task, string? key) => key is null
        ? task with { Id = ids.Issue() }
        : task with { Id = ids.IssueFor(Tenant, key), BodyHash = BodyHash.Of(task) };

    private async Task RefuseUnknownPoolsAsync(
        SubmittedTask?[] tasks, Submission?[] outcomes, CancellationToken cancellationToken)
    {
        var unknown = await pools.FindUnknownAsync(tasks.OfType<SubmittedTask>().Select(task => task.Pool), cancellationToken);
        for (var i = 0; i < tasks.Length; i++)
        {
            if (tasks[i] is not { Pool: var pool } || !unknown.Contains(pool)) continue;

            outcomes[i] = new Submission.Refused(
                new Problem(ProblemCode.UnknownPool, $"There is no pool {pool}; PUT /v1/pools/{pool} makes it."));
            tasks[i] = null;
        }
    }

    /// <summary>Keyed tasks that are recorded already are answered from the database. Without it they go on: the
    /// scheduler records an id once.</summary>
    private async Task FindReplaysAsync(SubmittedTask?[] tasks, Submission?[] outcomes, CancellationToken cancellationToken)
    {
        var keyed = tasks.Where(task => task?.BodyHash is not null).Select(task => task!.Id).ToHashSet();
        if (keyed.Count == 0) return;

        var (_, views) = await reads.TryAsync(
            (store, token) => store.GetTasksAsync(keyed, withPayload: tasks.Length == 1, token), cancellationToken);
        var known = views?.ToDictionary(view => view.Task.Id) ?? [];
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
