namespace Broker.Bench;

/// <param name="ReadySeconds">From the start of its process; null where nothing waits for it.</param>
/// <param name="TasksPerSecond">In batches of 100; null for one bot, which has but a share of the tasks.</param>
/// <param name="Memory">After the tasks.</param>
internal sealed record SizeRow(string Process, int Tasks, double? ReadySeconds, double? TasksPerSecond, ProcessMemory Memory);
