namespace Broker.Contracts.Tests;

/// <summary>The repository this test was built in.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Files written by people: nothing built, nothing installed, nothing hidden.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories).Where(IsWritten).Order(StringComparer.Ordinal);

    private static bool IsWritten(string file) => Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar)
        .All(part => part is not ("bin" or "obj" or "node_modules" or "artifacts") && !part.StartsWith('.'));

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Broker.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Broker.sln above {AppContext.BaseDirectory}.");
    }
}
