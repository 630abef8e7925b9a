namespace Broker.Api;

/// <summary>Every list.</summary>
/// <param name="NextCursor">Where to go on; null at the end. A page may be short and still have one.</param>
/// <param name="AsOf">When it was read, UTC.</param>
internal sealed record ItemsResponse<T>(IReadOnlyList<T> Items, string? NextCursor, DateTimeOffset AsOf);
