using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>A worker in the leader's memory: its record, what it holds, and when it was last heard of.</summary>
internal sealed class Worker(WorkerRecord record)
{
    /// <summary>Superseded news of one worker that is recorded; as much as a full worker has to say after a long silence.</summary>
    private const int NotesPerMinute = Limits.Slots;

    private const int CancelLimit = Limits.Slots;

    private readonly Dictionary<Guid, TaskRecord> _held = [];
    private readonly List<CanceledAttempt> _cancels = [];
    private DateTimeOffset _notesSince;
    private int _notes;

    /// <summary>What is stored; replaced whole when it changes.</summary>
    public WorkerRecord Record { get; set; } = record;

    public string Id => Record.Id;

    /// <summary>Live attempts: offered, running or canceling here.</summary>
    public IReadOnlyDictionary<Guid, TaskRecord> Held => _held;

    /// <summary>Σ cost of the live attempts; follows from <see cref="Held"/> alone, so it can't leak.</summary>
    public int SlotsUsed { get; private set; }

    public int SlotsFree => Record.Slots - SlotsUsed;

    public double Load => (double)SlotsUsed / Record.Slots;

    /// <summary>Counts choices over the fleet; the least recently chosen worker wins a tie.</summary>
    public long LastChosen { get; set; }

    /// <summary>Any sign of life, by the leader's clock; null until this leader heard of it.</summary>
    public DateTimeOffset? HeardAt { get; set; }

    /// <summary>From when on silence counts: the last sign of life, or when this leader took over.</summary>
    public DateTimeOffset TrustedSince { get; set; }

    /// <summary>The beat interval it was told last.</summary>
    public TimeSpan BeatInterval { get; set; }

    /// <summary>Whether its session has sent anything yet: one of a process that died before it was answered never does.</summary>
    public bool HasSpoken { get; set; }

    /// <summary>The one it was told last.</summary>
    public TimeSpan ReconnectSpread { get; set; }

    /// <summary>Whether placement may use it: heard of, open, and active or activated.</summary>
    public bool IsUsable => Record is { Liveness: Liveness.Online, Admission: Admission.Open }
        && (Record.Role == WorkerRole.Active || Record.Activated);

    /// <summary>Cancels to tell an HTTP worker with its next beat.</summary>
    public IReadOnlyList<CanceledAttempt> CancelsToTell => _cancels;

    /// <summary>Keeps a cancel for the worker's next beat; one that is not fetched in time is answered by its deadline.</summary>
    public void TellLater(CanceledAttempt attempt)
    {
        if (_cancels.Count < CancelLimit && !_cancels.Contains(attempt)) _cancels.Add(attempt);
    }

    public void ForgetCancels() => _cancels.Clear();

    /// <summary>Whether one more piece of its superseded news is worth a record; at most so many a minute are.</summary>
    public bool MayNote(DateTimeOffset now)
    {
        if (now - _notesSince >= TimeSpan.FromMinutes(1)) (_notesSince, _notes) = (now, 0);
        return ++_notes <= NotesPerMinute;
    }

    internal void Hold(TaskRecord task)
    {
        if (_held.TryAdd(task.Id, task)) SlotsUsed += task.Class.Cost;
    }

    internal void LetGo(TaskRecord task)
    {
        if (_held.Remove(task.Id)) SlotsUsed -= task.Class.Cost;
    }
}
