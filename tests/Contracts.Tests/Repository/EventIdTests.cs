using System.Text.RegularExpressions;

namespace Broker.Contracts.Tests;

public sealed partial class EventIdTests
{
    [Fact]
    public void No_log_event_shares_its_id()
    {
        var uses = SourceTree.Files("*.cs")
            .SelectMany(file => EventId().Matches(File.ReadAllText(file)),
                (file, match) => (Id: match.Groups["id"].Value, File: Path.GetRelativePath(SourceTree.Root, file)))
            .ToLookup(use => use.Id, use => use.File);

        Assert.NotEmpty(uses);
        Assert.Empty(uses.Where(files => files.Count() > 1).Select(files => $"{files.Key}: {string.Join(", ", files)}"));
    }

    [GeneratedRegex(@"\bEventId\s*=\s*(?<id>\d+)")]
    private static partial Regex EventId();
}
