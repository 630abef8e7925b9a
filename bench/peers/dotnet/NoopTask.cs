using System.Text.Json.Serialization;

namespace Broker.Bench.Peers;

/// <summary>What every peer is given: about 100 bytes.</summary>
/// <param name="Due">When it was to be submitted, on <see cref="Clock"/>.</param>
internal sealed record NoopTask(double Due)
{
    public string Bot { get; init; } = "4711";

    public string Url { get; init; } = "https://example.org/items/0815?page=7";

    public int Depth { get; init; } = 3;

    public string Note { get; init; } = "abcdefghijklmn";

    /// <summary>When its handler was entered; never leaves the worker.</summary>
    [JsonIgnore, Newtonsoft.Json.JsonIgnore]
    public double Start { get; set; }
}
