namespace Broker.Storage;

/// <summary>A worker's row: the record as JSON, and what lists filter by, generated from it.</summary>
internal sealed class WorkerRow
{
    public required string Id { get; init; }
    public required WorkerRecord Record { get; init; }
    public string Pool { get; init; } = "";
    public string Liveness { get; init; } = "";
    public string Role { get; init; } = "";
    public string Admission { get; init; } = "";
}
