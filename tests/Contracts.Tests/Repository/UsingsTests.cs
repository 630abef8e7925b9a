using System.Text.RegularExpressions;

namespace Broker.Contracts.Tests;

/// <summary>What no rule of the build checks.</summary>
public sealed partial class UsingsTests
{
    [Fact]
    public void Usings_stand_in_order_those_of_System_first()
    {
        var files = SourceTree.Files("*.cs").ToDictionary(file => file, file => Using.Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).ToList());

        Assert.Contains(files.Values, usings => usings.Count > 3);
        Assert.All(files, file => Assert.Equal(
            file.Value.OrderBy(name => name.Split('.')[0] != "System").ThenBy(name => name, StringComparer.OrdinalIgnoreCase), file.Value));
    }

    [GeneratedRegex(@"^using ([\w.]+);$", RegexOptions.Multiline)]
    private static partial Regex Using { get; }
}
