namespace Broker.Bench;

/// <summary>A process whose CPU time counts, with all its children.</summary>
/// <param name="Role">What it is in the table, as <c>PostgreSQL</c>; several may share one.</param>
internal sealed record MeasuredProcess(string Role, int Id);
