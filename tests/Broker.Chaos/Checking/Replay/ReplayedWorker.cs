namespace Broker.Chaos;

/// <summary>A worker as the events so far make it. Its slots in use are counted from the leases alone.</summary>
internal sealed class ReplayedWorker(RecordedWorker row)
{
    private string _liveness = "unregistered";
    private string _admission = "open";
    private bool _isActivated;

    public string Id => row.Id;
    public int Slots => row.Slots;
    public bool IsReserve => row.Role == "reserve";

    /// <summary>Σ cost of what it was offered and has not ended.</summary>
    public int Used { get; set; }

    /// <summary>The last sign of life that is recorded; others may have come.</summary>
    public DateTimeOffset? HeardAt { get; private set; }

    public void Apply(RecordedFleetEvent happened)
    {
        switch (happened.Kind)
        {
            case "registered":
                _liveness = "online";
                // What somebody forbade stays forbidden; a drain is over when the worker comes back.
                if (_admission is not ("cordoned" or "quarantined")) _admission = "open";
                break;
            case "online" or "suspect" or "lost" or "offline": _liveness = happened.Kind; break;
            case "uncordoned": _admission = "open"; break;
            case "cordoned" or "draining" or "drained" or "quarantined": _admission = happened.Kind; break;
            case "activated": _isActivated = true; break;
            case "deactivated": _isActivated = false; break;
        }
        if (happened.Kind is "registered" or "online") HeardAt = happened.At;
    }

    /// <summary>It reported on an attempt it has.</summary>
    public void HearReport(DateTimeOffset at)
    {
        if (row.Transport == "amqp") HeardAt = at;
    }

    /// <summary>Why it must not get this task, however many slots are free; null if it may.</summary>
    public string? WhyNot(RecordedTask task)
    {
        if (_liveness != "online") return $"it was {_liveness}";
        if (_admission != "open") return $"it was {_admission}";
        if (IsReserve && !_isActivated) return "it was a reserve worker not in use";
        if (row.Pool != task.Pool) return $"it is of pool {row.Pool}, not {task.Pool}";
        if (row.Types is { } types && !types.Contains(task.Type)) return $"it does not handle {task.Type}";
        foreach (var (label, value) in task.Requires ?? new Dictionary<string, string>())
            if (row.Labels?.GetValueOrDefault(label) != value) return $"it has no label {label}={value}";
        return task.Cost > Slots ? $"it has {Slots} slots, the task takes {task.Cost}" : null;
    }

    public bool CanTake(RecordedTask task) => Used + task.Cost <= Slots && WhyNot(task) is null;

    /// <summary>By fractions, so that nothing is rounded.</summary>
    public bool IsLessLoadedThan(ReplayedWorker other) => (long)Used * other.Slots < (long)other.Used * Slots;

    public override string ToString() => $"{Id} ({Used} of {Slots} slots)";
}
