namespace Broker.Agent;

/// <summary>Paths without symbolic links, so that a link can't lead out of a folder.</summary>
internal static class RealPath
{
    /// <summary>As many links as Linux follows.</summary>
    private const int LinksLimit = 40;

    /// <summary>The path with every link on the way resolved; null if something on it does not exist.</summary>
    public static string? Of(string path)
    {
        var links = 0;
        // Not Path.GetFullPath: "link/.." is the parent of what the link points to.
        var parts = new Stack<string>(Split(Path.Combine(Environment.CurrentDirectory, path)));
        var real = "/";
        while (parts.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            var next = Path.Combine(real, part);
            var info = new FileInfo(next);
            if (info.LinkTarget is not { } target)
            {
                if (!Path.Exists(next)) return null;
                real = next;
                continue;
            }
            if (++links > LinksLimit) return null;
            if (Path.IsPathRooted(target)) real = "/";
            foreach (var step in Split(target)) parts.Push(step);
        }
        return real;
    }

    /// <summary>Whether the one real path lies inside the other.</summary>
    public static bool IsBelow(string real, string? root) =>
        root is not null && real.StartsWith(root.EndsWith('/') ? root : root + '/', StringComparison.Ordinal);

    /// <summary>The steps of a path, last one first.</summary>
    private static IEnumerable<string> Split(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(step => step != ".").Reverse();
}
