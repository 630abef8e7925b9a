using System.Text.RegularExpressions;

namespace Broker.Contracts.Tests;

/// <summary>A relative link in a page leads to a file of the repository, and to a heading if it names one.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        var pages = SourceTree.Files("*.md").ToList();
        var broken = pages.SelectMany(page => Broken(page).Select(link => $"{Path.GetRelativePath(SourceTree.Root, page)}: {link}"));

        Assert.Contains(Path.Combine(SourceTree.Root, "README.md"), pages);
        Assert.Empty(broken);
    }

    private static IEnumerable<string> Broken(string page) =>
        Link().Matches(Fence().Replace(File.ReadAllText(page), "")).Select(match => match.Groups["to"].Value)
            .Where(link => !link.Contains(':', StringComparison.Ordinal) && !Leads(page, link));

    private static bool Leads(string page, string link)
    {
        var (path, heading) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = path.Length == 0 ? page : Path.GetFullPath(path, Path.GetDirectoryName(page)!);
        if (heading is null) return Path.Exists(target);

        return File.Exists(target) && Heading().Matches(Fence().Replace(File.ReadAllText(target), ""))
            .Any(match => Anchor(match.Groups["text"].Value) == heading);
    }

    /// <summary>As GitHub makes it: lower case, punctuation out, spaces to dashes.</summary>
    private static string Anchor(string heading) =>
        Punctuation().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("""\]\((?<to>[^)\s]+)\)|(?:src|srcset|href)="(?<to>[^"]+)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
