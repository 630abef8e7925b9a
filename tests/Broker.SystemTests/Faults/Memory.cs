using System.Globalization;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>What a process holds.</summary>
internal static class Memory
{
    /// <summary>Resident memory in MiB.</summary>
    public static async Task<int> OfAsync(BrokerProcess process)
    {
        var line = (await File.ReadAllLinesAsync($"/proc/{process.Id}/status")).Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
