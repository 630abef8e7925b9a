using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

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
            TaskEvents = Table(folder, TaskEvents, HistoryJson.Default.RecordedTaskEvent),
            FleetEvents = Table(folder, FleetEvents, HistoryJson.Default.RecordedFleetEvent),
            Tasks = Table(folder, Tasks, HistoryJson.Default.RecordedTask),
            Workers = Table(folder, Workers, HistoryJson.Default.RecordedWorker),
            Queues = Table(folder, Queues, HistoryJson.Default.RecordedQueue),
        };
    }

    private static IEnumerable<HistoryLine> ReadNode(string file, Action onTorn)
    {
        foreach (var text in File.ReadLines(file).Where(text => text.Length > 0))
        {
            HistoryLine? line = null;
            try
            {
                line = JsonSerializer.Deserialize(text, HistoryJson.Default.HistoryLine);
            }
            catch (JsonException)
            {
                onTorn();
            }
            if (line is not null) yield return line;
        }
    }

    private static List<T> Table<T>(string folder, string name, JsonTypeInfo<T> type)
    {
        var rows = new List<T>();
        foreach (var text in File.ReadLines(Path.Combine(folder, name)).Where(text => text.Length > 0))
        {
            try
            {
                rows.Add(JsonSerializer.Deserialize(text, type)!);
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException($"{name}, line {rows.Count + 1}: {exception.Message}", exception);
            }
        }
        return rows;
    }
}
