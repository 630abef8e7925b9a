using System.Text.Json;

namespace Broker.Chaos;

/// <summary>Where a run's files lie, and how they are read.</summary>
internal static class HistoryFolder
{
    /// <summary>The folder of the nodes' own files.</summary>
    public const string Lines = "history";

    public const string TaskEvents = "events.ndjson";
    public const string FleetEvents = "fleet.ndjson";
    public const string Tasks = "tasks.ndjson";
    public const string Workers = "workers.ndjson";
    public const string Queues = "queues.ndjson";

    /// <summary>How the run was set up; defaults where it is missing.</summary>
    public const string Options = "options.json";

    /// <exception cref="InvalidDataException">A line of a table is no JSON: only nodes may die while they write.</exception>
    public static RunHistory Read(string folder)
    {
        var torn = 0;
        var lines = Directory.EnumerateFiles(Path.Combine(folder, Lines), "*.ndjson").Order(StringComparer.Ordinal)
            .SelectMany(file => ReadNode(file, () => torn++)).ToList();
        return new RunHistory
        {
            Lines = [.. lines.OrderBy(line => line.T)],
            TornLines = torn,
            TaskEvents = Table<RecordedTaskEvent>(folder, TaskEvents),
            FleetEvents = Table<RecordedFleetEvent>(folder, FleetEvents),
            Tasks = Table<RecordedTask>(folder, Tasks),
            Workers = Table<RecordedWorker>(folder, Workers),
            Queues = Table<RecordedQueue>(folder, Queues),
        };
    }

    public static CheckOptions ReadOptions(string folder)
    {
        var file = Path.Combine(folder, Options);
        return File.Exists(file) ? HistoryJson.Read<CheckOptions>(File.ReadAllText(file)) : new CheckOptions();
    }

    private static IEnumerable<HistoryLine> ReadNode(string file, Action onTorn)
    {
        foreach (var text in File.ReadLines(file).Where(text => text.Length > 0))
        {
            HistoryLine? line = null;
            try
            {
                line = HistoryJson.Read<HistoryLine>(text);
            }
            catch (JsonException)
            {
                onTorn();
            }
            if (line is not null) yield return line;
        }
    }

    private static List<T> Table<T>(string folder, string name)
    {
        var rows = new List<T>();
        foreach (var text in File.ReadLines(Path.Combine(folder, name)).Where(text => text.Length > 0))
        {
            try
            {
                rows.Add(HistoryJson.Read<T>(text));
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException($"{name}, line {rows.Count + 1}: {exception.Message}", exception);
            }
        }
        return rows;
    }
}
