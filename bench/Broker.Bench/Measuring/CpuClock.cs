using System.Globalization;

namespace Broker.Bench;

/// <summary>CPU time and memory of processes and their children, from <c>/proc</c>.</summary>
internal static class CpuClock
{
    /// <summary>Of USER_HZ: 100 wherever Linux runs .NET.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Seconds used so far by each role, with what its ended children used.</summary>
    public static Dictionary<string, double> Read(IEnumerable<MeasuredProcess> processes)
    {
        var children = ChildrenByParent();
        return processes.GroupBy(process => process.Role)
            .ToDictionary(role => role.Key, role => role.Sum(process => TreeOf(process, children).Sum(TicksOf)) / TicksPerSecond);
    }

    /// <summary>Proportional set size in MiB by role: memory shared between processes counts once.</summary>
    public static Dictionary<string, double> ReadMemory(IEnumerable<MeasuredProcess> processes)
    {
        var children = ChildrenByParent();
        return processes.GroupBy(process => process.Role)
            .ToDictionary(role => role.Key, role => role.Sum(process => TreeOf(process, children).Sum(MemoryOf)) / 1024);
    }

    /// <summary>Ourselves alone: all others are our children.</summary>
    private static IEnumerable<int> TreeOf(MeasuredProcess process, ILookup<int, int> children) =>
        process.Id == Environment.ProcessId ? [process.Id] : TreeOf(process.Id, children);

    private static IEnumerable<int> TreeOf(int root, ILookup<int, int> children) =>
        children[root].SelectMany(child => TreeOf(child, children)).Prepend(root);

    private static ILookup<int, int> ChildrenByParent() =>
        Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Stat: StatOf(id)))
            .Where(process => process.Stat.Length > 0)
            .ToLookup(process => int.Parse(process.Stat[1], CultureInfo.InvariantCulture), process => process.Id);

    /// <summary>utime and stime; with cutime and cstime for others, as ours hold what the benchmark's servers needed to start.</summary>
    private static double TicksOf(int id) => StatOf(id) is { Length: > 14 } stat
        ? stat[11..(id == Environment.ProcessId ? 13 : 15)].Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) : 0;

    private static double MemoryOf(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/smaps_rollup").FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[4..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The fields behind the name, from the state on; none if it has ended.</summary>
    private static string[] StatOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
