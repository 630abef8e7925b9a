using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>A worker as the committed history tells it.</summary>
internal sealed class CheckedWorker(WorkerRecord record)
{
    private const int HeardKept = 8;

    private readonly Queue<DateTimeOffset> _heard = new();

    public WorkerRecord Record { get; set; } = record;

    public string Id => Record.Id;

    /// <summary>Σ cost of live leases.</summary>
    public int Used { get; set; }

    public bool IsReserve => Record.Role == WorkerRole.Reserve;

    /// <summary>Whether the words of design section 5 allow it a task of the class, room aside.</summary>
    public string? WhyNot(TaskClass wanted)
    {
        if (Record.Liveness != Liveness.Online) return $"it is {Record.Liveness}";
        if (Record.Admission != Admission.Open) return $"it is {Record.Admission}";
        if (IsReserve && !Record.Activated) return "it is a reserve worker not in use";
        if (Record.Pool != wanted.Pool) return $"it is of pool {Record.Pool}";
        if (Record.Types is { } types && !types.Contains(wanted.Type)) return $"it does not handle {wanted.Type}";

        foreach (var (key, value) in wanted.Requires)
            if (!Record.Labels.TryGetValue(key, out var has) || has != value) return $"it lacks {key}={value}";
        return null;
    }

    public bool HasRoomFor(TaskClass wanted) => Record.Slots - Used >= wanted.Cost;

    public bool CanTake(TaskClass wanted) => HasRoomFor(wanted) && WhyNot(wanted) is null;

    /// <summary>Lower load, compared as fractions.</summary>
    public bool IsLessLoadedThan(CheckedWorker other) => (long)Used * other.Record.Slots < (long)other.Used * Record.Slots;

    public void Hear(DateTimeOffset at)
    {
        if (_heard.Count == HeardKept) _heard.Dequeue();
        _heard.Enqueue(at);
    }

    public bool WasHeardBetween(DateTimeOffset after, DateTimeOffset before)
    {
        foreach (var at in _heard)
            if (at > after && at < before) return true;
        return false;
    }
}
