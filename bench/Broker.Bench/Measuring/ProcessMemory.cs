using System.Globalization;

namespace Broker.Bench;

/// <summary>What one process holds in memory, in MiB.</summary>
/// <param name="Rss">With all of what it shares.</param>
/// <param name="Pss">With its part of what it shares.</param>
/// <param name="PeakRss">The most it ever held.</param>
internal sealed record ProcessMemory(double Rss, double Pss, double PeakRss)
{
    public static ProcessMemory Of(int process) => new(
        Read($"/proc/{process}/smaps_rollup", "Rss:"), Read($"/proc/{process}/smaps_rollup", "Pss:"), Read($"/proc/{process}/status", "VmHWM:"));

    public override string ToString() => $"{Rss:F0} MiB RSS, {Pss:F0} PSS, {PeakRss:F0} at most";

    private static double Read(string file, string field) =>
        double.Parse(File.ReadLines(file).First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..^2], CultureInfo.InvariantCulture) / 1024;
}
