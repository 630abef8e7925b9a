using System.Runtime.InteropServices;
using System.Text.Json;

namespace Broker.Bench;

/// <summary>A workload's figures as JSON, with the machine they were made on: figures of two machines are not to be compared.</summary>
internal static class ResultsFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="file">Null: nowhere.</param>
    public static void Write(FileInfo? file, string workload, object results)
    {
        if (file is null) return;

        file.Directory!.Create();
        var document = new { workload, at = TimeProvider.System.GetUtcNow(), machine = Machine(), results };
        File.WriteAllText(file.FullName, JsonSerializer.Serialize(document, Json) + "\n");
    }

    private static object Machine() => new
    {
        cores = Environment.ProcessorCount,
        processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1],
        memoryGib = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30)),
        system = RuntimeInformation.OSDescription,
        runtime = RuntimeInformation.FrameworkDescription,
    };
}
