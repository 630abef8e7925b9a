namespace Broker.Cli;

/// <summary>One task of a bulk submission.</summary>
/// <param name="Line">Where it came from, from 1; with the run's key it makes the idempotency key.</param>
/// <param name="Payload">JSON; null for none.</param>
internal readonly record struct SubmitItem(long Line, byte[]? Payload);
