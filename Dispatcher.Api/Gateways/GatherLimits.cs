namespace Broker.Api;

/// <summary>Bounds of a <see cref="Gatherer{TItem,TAnswer}"/>.</summary>
/// <param name="ItemLimit">Items of one call.</param>
/// <param name="WeightLimit">Weight of one call; a single heavier item goes alone.</param>
/// <param name="InFlightLimit">Calls at a time.</param>
/// <param name="WaitingItemLimit">Items that may wait; beyond it they are refused at once.</param>
/// <param name="WaitingWeightLimit">Weight that may wait; beyond it items are refused at once.</param>
internal sealed record GatherLimits(
    int ItemLimit, long WeightLimit, int InFlightLimit, int WaitingItemLimit, long WaitingWeightLimit)
{
    /// <summary>How long an item may wait for its turn. With the 5 s of a call, everyone is answered within 6 s.</summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Items that are worth a call beside the one under way, as is a full <see cref="WeightLimit"/>. Less waits for its end and goes
    /// together, as a call costs the same.
    /// </summary>
    public int AnotherFrom { get; init; } = 1;

    /// <summary>A call that takes longer is no longer waited for: what waits goes beside it.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(100);
}
