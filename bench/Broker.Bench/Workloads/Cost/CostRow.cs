namespace Broker.Bench;

/// <param name="CpuMicros">CPU time of each process for a task.</param>
/// <param name="MemoryMib">At the end, shared memory counted once.</param>
/// <param name="MessagesPerTask">Published to RabbitMQ, whoever did.</param>
internal sealed record CostRow(
    string Load, double TasksPerSecond, IReadOnlyDictionary<string, double> CpuMicros, IReadOnlyDictionary<string, double> MemoryMib,
    double TasksPerTurn, double WalBytesPerTask, double MessagesPerTask);
