using System.Collections.Concurrent;
using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api.Tests;

/// <summary>A scheduler in memory: records submissions in <see cref="MemoryReads"/>, answers commands as a test says.</summary>
internal sealed class MemoryGateway(MemoryReads reads) : ISchedulerGateway
{
    private readonly ConcurrentDictionary<Type, Func<object, Task<object>>> answers = new();

    public ConcurrentQueue<TaskSubmitted> Submissions { get; } = new();
    public ConcurrentQueue<object> Commands { get; } = new();

    /// <summary>Whether submissions become tasks at once.</summary>
    public bool IsRecording { get; set; } = true;

    /// <summary>Thrown for every submission it returns something for.</summary>
    public Func<TaskSubmitted, Exception?> Fail { get; set; } = _ => null;

    /// <summary>Submissions wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public string? Trouble { get; set; }

    public void On<TCommand>(Func<TCommand, object> answer)
        where TCommand : class => answers[typeof(TCommand)] = command => Task.FromResult(answer((TCommand)command));

    public async Task SubmitAsync(TaskSubmitted submission, CancellationToken cancellationToken)
    {
        Submissions.Enqueue(submission);
        await Gate;
        if (Fail(submission) is { } exception) throw exception;
        if (!IsRecording) return;

        foreach (var task in submission.Tasks) reads.Tasks.TryAdd(task.Id, Record(task, submission.AcceptedAt));
    }

    public async Task<TReply> AskAsync<TCommand, TReply>(
        TCommand command, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : class
        where TReply : class
    {
        Commands.Enqueue(command);
        return answers.TryGetValue(typeof(TCommand), out var answer)
            ? (TReply)await answer(command)
            : throw new SchedulerUnavailableException(ProblemCode.SchedulerUnavailable, "No scheduler here.");
    }

    public static TaskView Record(SubmittedTask task, DateTimeOffset at, string state = TaskState.Queued) => new(
        new TaskRecord
        {
            Id = task.Id,
            Class = new TaskClass("default", task.Pool, task.Type, [.. task.Requires ?? new Dictionary<string, string>()], task.Cost),
            Priority = (byte)task.Priority,
            MaxAttempts = (short)(task.MaxAttempts ?? 3),
            Timeout = task.Timeout ?? TimeSpan.FromHours(1),
            BodyHash = task.BodyHash,
            CreatedAt = at,
            QueuedAt = at,
            State = state,
        },
        TaskState.IsFinished(state) ? at : null, task.Payload.ToArrayOrNull(), null, null);
}
