namespace Broker.Simulation;

/// <summary>What a worker logged when it finished an attempt.</summary>
/// <param name="Kind">Of the report.</param>
internal sealed record ProducedReport(string Worker, Guid Task, int Attempt, string Token, string Kind, byte[]? Result);
