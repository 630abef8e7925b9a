namespace Broker.Cli;

/// <summary>Every list of the API.</summary>
/// <param name="NextCursor">Where to go on; null at the end.</param>
internal sealed record Page<T>(List<T> Items, string? NextCursor);
