namespace Broker.Bench;

/// <summary>A task of the uneven workload: when it comes, how much it is, and when it began and ended.</summary>
/// <param name="work">Time it takes at speed 1. No contender is told.</param>
internal sealed class UnevenTask(int number, TimeSpan submittedAt, TimeSpan work)
{
    public int Number => number;

    public TimeSpan SubmittedAt => submittedAt;

    public TimeSpan Work => work;

    public TimeSpan StartedAt { get; set; }

    public TimeSpan FinishedAt { get; set; }

    public TimeSpan Wait => StartedAt - SubmittedAt;
}
