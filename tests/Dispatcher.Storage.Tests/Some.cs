using System.Buffers.Binary;
using System.Security.Cryptography;
using Broker.Contracts;

namespace Broker.Storage.Tests;

/// <summary>Rows with everything filled in that a case does not care about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow().TruncateToMilliseconds();

    public static readonly TaskClass Class = new("default", "default", "resize", [], 1);

    public static Guid TimedId(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, at.ToUnixTimeMilliseconds() << 16);
        time[..6].CopyTo(bytes);
        TaskId.Stamp(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    public static Guid KeyedId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[0] = TaskId.KeyedMark;
        TaskId.Stamp(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    public static TaskRecord Task(bool keyed = false, DateTimeOffset? at = null, TaskClass? of = null, string state = TaskState.Queued) => new()
    {
        Id = keyed ? KeyedId() : TimedId(at ?? Now),
        Class = of ?? Class,
        Priority = 4,
        Seq = 1,
        MaxAttempts = 3,
        Timeout = TimeSpan.FromMinutes(5),
        CreatedAt = at ?? Now,
        QueuedAt = at ?? Now,
        State = state,
    };

    /// <summary>Every field set to something that is not its default.</summary>
    public static TaskRecord FullTask(bool keyed) => new()
    {
        Id = keyed ? KeyedId() : TimedId(Now),
        Class = new TaskClass("acme", "gpu", "büro/😀", [new("a", "1"), new("a-b", "\"x\"")], 7),
        Priority = 9,
        Seq = long.MaxValue,
        MaxAttempts = 100,
        Timeout = TimeSpan.FromDays(7),
        BodyHash = long.MinValue,
        CreatedAt = Now,
        State = TaskState.Running,
        Outcome = AttemptOutcome.TimedOut,
        Attempt = 12,
        Failures = 2,
        Losses = 1,
        Round = 3,
        Worker = "w-1",
        Token = new FenceToken(5, 1L << 60),
        QueuedAt = Now.AddSeconds(1),
        OfferedAt = Now.AddSeconds(2),
        StartedAt = Now.AddSeconds(3),
        RetryAt = Now.AddSeconds(4),
    };

    public static FinishedTask Finish(TaskRecord task, string state = TaskState.Succeeded, byte[]? result = null, TaskError? error = null)
    {
        task.State = state;
        return new FinishedTask { Task = task, FinishedAt = Now.AddSeconds(9), Result = result, Error = error };
    }

    public static WorkerRecord Worker(string id, string pool = "default") => new()
    {
        Id = id,
        Pool = pool,
        Slots = 4,
        Types = ["a", "b"],
        Labels = new Dictionary<string, string> { ["gpu"] = "a100" },
        Role = WorkerRole.Reserve,
        Session = "s-1",
        Reason = "because",
        DrainDeadline = Now,
        RegisteredAt = Now,
        ChangedAt = Now,
    };

    public static void Same(TaskRecord expected, TaskRecord actual)
    {
        foreach (var property in typeof(TaskRecord).GetProperties())
            Assert.True(Equals(property.GetValue(expected), property.GetValue(actual)),
                $"{property.Name}: {property.GetValue(expected)} was stored, {property.GetValue(actual)} came back.");
    }

    private static DateTimeOffset TruncateToMilliseconds(this DateTimeOffset moment) =>
        DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds());
}
