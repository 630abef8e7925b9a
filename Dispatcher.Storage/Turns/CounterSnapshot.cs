namespace Broker.Storage;

/// <summary>Totals since the shard was made. Those of finished tasks can't be derived from active ones, so they are kept.</summary>
/// <param name="Turns">Turns committed.</param>
public sealed record CounterSnapshot(long Submitted = 0, long Succeeded = 0, long Dead = 0, long Canceled = 0, long Attempts = 0, long Turns = 0);
