using Broker.Contracts;

namespace Broker.Agent;

/// <summary>Reports until they are confirmed. Not thread-safe: its session's lock guards it.</summary>
/// <remarks>
/// One message is under way at a time; what comes meanwhile gathers for the next, by kind. Starts go before progress, and
/// progress before ends, so the order within a task holds. What was not confirmed goes again, unchanged and first.
/// </remarks>
internal sealed class Outbox
{
    private const int CountLimit = 10_000;
    private const int BytesLimit = 64 * 1024 * 1024;
    private const int MessageBytes = 1024 * 1024;

    private readonly Queue<OutboxEntry>[] _waiting = [.. Kinds.Select(_ => new Queue<OutboxEntry>())];
    private List<OutboxEntry> _underWay = [];
    private int _count;
    private long _bytes;

    private static readonly string[] Kinds =
        [WireKind.Started, WireKind.Progress, WireKind.Succeeded, WireKind.Failed, WireKind.Released];

    public bool IsEmpty => _count == 0;

    /// <summary>Whether nothing new should be started before some of it is confirmed.</summary>
    public bool IsFull => _count >= CountLimit || _bytes >= BytesLimit;

    public void AddStart(HeldTask task, Report report) => task.UnsentStart = Add(task, WireKind.Started, report);

    /// <summary>Replaces progress that was not sent yet.</summary>
    public void AddProgress(HeldTask task, Report report)
    {
        if (task.UnsentProgress is { } unsent) unsent.Report = report;
        else task.UnsentProgress = Add(task, WireKind.Progress, report);
    }

    /// <summary>A last report implies the start and outdates the progress.</summary>
    public void AddEnd(HeldTask task, string kind, Report report)
    {
        Drop(task.UnsentStart);
        Drop(task.UnsentProgress);
        (task.UnsentStart, task.UnsentProgress) = (null, null);
        Add(task, kind, report);
    }

    /// <summary>Whether starts wait that no end has outdated.</summary>
    public bool HasStarts()
    {
        while (_waiting[0].TryPeek(out var first) && first.Dropped) _waiting[0].Dequeue();
        return _waiting[0].Count > 0;
    }

    /// <summary>The reports of the next message, all of one kind; empty if there are none.</summary>
    /// <param name="withStarts">False: starts may wait for their ends, unless progress follows them.</param>
    public (string Kind, IReadOnlyList<Report> Reports) Next(bool withStarts)
    {
        for (var kind = withStarts || _waiting[1].Count > 0 ? 0 : 1; _underWay.Count == 0 && kind < Kinds.Length; kind++) Gather(_waiting[kind]);
        return _underWay.Count == 0 ? ("", []) : (_underWay[0].Kind, [.. _underWay.Select(entry => entry.Report)]);
    }

    /// <summary>The last message of <see cref="Next"/> is safe. Returns its entries.</summary>
    public IReadOnlyList<OutboxEntry> Confirm()
    {
        var confirmed = _underWay;
        _underWay = [];
        foreach (var entry in confirmed) Forget(entry);
        return confirmed;
    }

    private void Gather(Queue<OutboxEntry> waiting)
    {
        var bytes = 0;
        while (_underWay.Count < Limits.BatchCount && waiting.TryPeek(out var entry))
        {
            if (!entry.Dropped)
            {
                bytes += entry.Bytes;
                if (_underWay.Count > 0 && bytes > MessageBytes) return;

                _underWay.Add(entry);
                if (entry.Task.UnsentStart == entry) entry.Task.UnsentStart = null;
                if (entry.Task.UnsentProgress == entry) entry.Task.UnsentProgress = null;
            }
            waiting.Dequeue();
        }
    }

    private OutboxEntry Add(HeldTask task, string kind, Report report)
    {
        var entry = new OutboxEntry(task, kind, report);
        _waiting[Array.IndexOf(Kinds, kind)].Enqueue(entry);
        _count++;
        _bytes += entry.Bytes;
        return entry;
    }

    private void Drop(OutboxEntry? entry)
    {
        if (entry is null) return;

        entry.Dropped = true;
        Forget(entry);
    }

    private void Forget(OutboxEntry entry)
    {
        _count--;
        _bytes -= entry.Bytes;
    }
}
