using System.Diagnostics;

namespace Broker.Bench.Peers;

internal static class Clock
{
    /// <summary>Microseconds of CLOCK_MONOTONIC, which all processes of a machine share.</summary>
    public static double Now => Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency;
}
