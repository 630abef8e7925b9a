namespace Broker.Chaos;

/// <summary>How a run came to its end.</summary>
/// <param name="Open">Accepted tasks that did not finish in time.</param>
/// <param name="DrainTime">From the last repair until all had finished.</param>
/// <param name="Ends">Processes that ended without having been told to, and how often.</param>
internal sealed record RunEnd(int Open, TimeSpan DrainTime, IReadOnlyDictionary<string, int> Ends)
{
    public bool HasDrained => Open == 0;
}
