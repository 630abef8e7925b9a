namespace Broker.Chaos;

/// <summary>A task that a client will hand in.</summary>
/// <param name="At">From the start of the load.</param>
/// <param name="Type"><c>chaos</c>, or <c>sleep</c> for the workers of <c>broker dev</c>.</param>
internal sealed record PlannedTask(TimeSpan At, string Key, int Priority, string Type, ChaosPayload Payload);
