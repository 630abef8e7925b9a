using System.Text;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>Everything that happened in a run, in order: to print what led to a failure, and to compare two runs.</summary>
internal sealed class Journal(Simulator simulator)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    public void Add(string what, string who, Guid task = default, long number = 0, string? detail = null) =>
        _entries.Add(new Entry(simulator.Ticks, what, who, task, number, detail, null));

    public void Add(TurnCommit commit) =>
        _entries.Add(new Entry(simulator.Ticks, "committed", "database", default, commit.Turn, null, commit));

    /// <summary>FNV-1a over every entry, so that two runs of a seed can be compared.</summary>
    public ulong Hash()
    {
        var hash = FnvOffset;
        foreach (var entry in _entries)
            foreach (var character in entry.ToString()) hash = (hash ^ character) * FnvPrime;
        return hash;
    }

    /// <summary>The last entries that touch the task or the worker, and faults; all of the last ones without either.</summary>
    public string Recent(Guid? task, string? worker, int limit = 80)
    {
        var lines = new LinkedList<string>();
        for (var i = _entries.Count - 1; i >= 0 && lines.Count < limit; i--)
            if (_entries[i].Describe(task, worker) is { } line) lines.AddFirst(line);
        return string.Join('\n', lines);
    }

    private sealed record Entry(long Ticks, string What, string Who, Guid Task, long Number, string? Detail, TurnCommit? Commit)
    {
        /// <summary>Null if it has nothing to do with either.</summary>
        public string? Describe(Guid? task, string? worker)
        {
            var isMeant = (task is null && worker is null) || What is "fault" or "leads" || (task is not null && Task == task)
                || (worker is not null && Who == worker);
            if (Commit is null) return isMeant ? ToString() : null;

            var lines = Lines(task, worker).ToList();
            return lines.Count == 0 ? null : $"{Moment} turn {Commit.Turn} of epoch {Commit.Epoch}: {string.Join("; ", lines)}";
        }

        public override string ToString()
        {
            if (Commit is not null)
                return $"{Moment} turn {Commit.Turn} of epoch {Commit.Epoch}: {string.Join("; ", Lines(null, null))}";

            var text = new StringBuilder($"{Moment} {Who} {What}");
            if (Task != default) text.Append(' ').Append(Short(Task));
            if (Number != 0) text.Append(" #").Append(Number);
            if (Detail is not null) text.Append(" (").Append(Detail).Append(')');
            return text.ToString();
        }

        private string Moment => TimeSpan.FromTicks(Ticks).ToString("hh\\:mm\\:ss\\.ffffff", System.Globalization.CultureInfo.InvariantCulture);

        private IEnumerable<string> Lines(Guid? task, string? worker)
        {
            var isMeant = (string? name) => (task is null && worker is null) || (worker is not null && name == worker);
            foreach (var happened in Commit!.TaskEvents)
                foreach (var step in happened.Transitions)
                    if (happened.Task == task || isMeant(step.Worker))
                        yield return $"{Short(happened.Task)} {step.Event} {step.Outcome} {step.Reason} -> {step.State} [{step.Attempt} {step.Worker} by {step.By} #{step.Offer}]";
            foreach (var happened in Commit.FleetEvents)
                if (isMeant(happened.Worker)) yield return $"{happened.Worker} {happened.Kind} {happened.Reason}";
        }

        private static string Short(Guid id) => id.ToString()[..13];
    }
}
