using System.Text.RegularExpressions;

namespace Broker.Contracts.Tests;

/// <summary>The page about guarantees speaks of every fault, and of tests that exist.</summary>
public sealed partial class GuaranteeTests
{
    private const int Faults = 72;
    private static readonly string Page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "guarantees.md"));

    [Fact]
    public void Every_test_it_names_exists()
    {
        var sources = SourceTree.Files("*Tests.cs").ToLookup(file => Path.GetFileNameWithoutExtension(file)!, File.ReadAllText);
        var named = TestName().Matches(Page);
        var missing = named.Where(test => !sources[test.Groups["class"].Value].Any(source => Declares(source, test.Groups["method"].Value)));

        Assert.NotEmpty(named);
        Assert.Equal([], missing.Select(test => test.Value));
    }

    [Fact]
    public void Every_fault_has_one_row_that_ends_with_how_it_is_shown() =>
        Assert.Equal(Enumerable.Range(1, Faults), Row().Matches(Page).Select(match => int.Parse(match.Groups["number"].ValueSpan)));

    [Fact]
    public void Every_fault_but_those_that_wait_for_a_feature_is_named_by_a_test()
    {
        const int SignIn = 51;
        var named = SourceTree.Files("*Tests.cs").SelectMany(file => FaultRow().Matches(File.ReadAllText(file)))
            .SelectMany(match => match.Groups["number"].Captures).Select(number => int.Parse(number.ValueSpan));

        Assert.Equal([SignIn], Enumerable.Range(1, Faults).Except(named));
    }

    [Fact]
    public void Every_kind_of_chaos_it_names_exists()
    {
        var plan = File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "Broker.Chaos", "Nemesis", "FaultPlan.cs"));
        var named = Chaos().Matches(Page).Select(match => $"FaultCategory.{match.Groups["of"].Value.Replace("PostgreSQL", "Postgres")}, \"{match.Groups["kind"].Value}\"");

        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(kind => !plan.Contains(kind, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool Declares(string source, string method) => Regex.IsMatch(source, $@"\b(void|Task|ValueTask) {method}\(");

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"`chaos: (?<of>\w+) (?<kind>[\w-]+)`")]
    private static partial Regex Chaos();

    [GeneratedRegex(@"Rows? (?:(?<number>\d+)(?:, | and )?)+ of the faults")]
    private static partial Regex FaultRow();

    /// <summary>Number, fault, what holds, how that is shown: the last one is never empty.</summary>
    [GeneratedRegex(@"^\| (?<number>\d+) \|[^|\n]+\|[^|\n]*\|\s*[^|\s][^|\n]*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
