namespace Broker.Contracts;

/// <summary>The form of worker ids and pool names: <c>[a-z0-9][a-z0-9_-]{0,62}</c>. They become queue names.</summary>
public static class Names
{
    /// <summary>Whether the text may name a worker or a pool.</summary>
    public static bool IsValid(string? name)
    {
        if (name is not { Length: >= 1 and <= 63 } || name[0] is '-' or '_') return false;

        foreach (var c in name)
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_')) return false;
        return true;
    }
}
