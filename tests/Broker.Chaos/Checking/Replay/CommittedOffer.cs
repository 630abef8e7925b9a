namespace Broker.Chaos;

/// <summary>An offer as it was committed.</summary>
internal sealed record CommittedOffer(long Number, ReplayedTask Task, int Attempt, string? Worker, long Seq)
{
    /// <summary>How the attempt ended, last; null if it did not.</summary>
    public string? Outcome { get; set; }
}
