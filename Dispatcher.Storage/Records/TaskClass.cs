namespace Broker.Storage;

/// <summary>What decides which workers may run a task. Tasks of one class share one instance and one line in the backlog.</summary>
/// <param name="Requires">Labels as <c>key=value</c>, sorted; empty for none.</param>
public sealed record TaskClass(string Tenant, string Pool, string Type, IReadOnlyList<KeyValuePair<string, string>> Requires, int Cost)
{
    public bool Equals(TaskClass? other) => other is not null && Tenant == other.Tenant && Pool == other.Pool
        && Type == other.Type && Cost == other.Cost && Requires.SequenceEqual(other.Requires);

    public override int GetHashCode() => HashCode.Combine(Tenant, Pool, Type, Cost, Requires.Count);
}
