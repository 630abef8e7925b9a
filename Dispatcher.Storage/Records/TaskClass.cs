namespace Broker.Storage;

/// <summary>What decides which workers may run a task. Tasks of one class share one instance and one line in the backlog.</summary>
/// <param name="Requires">Labels as <c>key=value</c>, sorted; empty for none.</param>
public sealed record TaskClass(string Tenant, string Pool, string Type, IReadOnlyList<KeyValuePair<string, string>> Requires, int Cost)
{
    // Looked up several times per event; the strings never change.
    private readonly int _hash = Requires.Aggregate(HashCode.Combine(Tenant, Pool, Type, Cost), HashCode.Combine);

    public bool Equals(TaskClass? other) => ReferenceEquals(this, other) || (other is not null && Tenant == other.Tenant
        && Pool == other.Pool && Type == other.Type && Cost == other.Cost && Requires.SequenceEqual(other.Requires));

    public override int GetHashCode() => _hash;
}
