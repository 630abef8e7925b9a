namespace Broker.Simulation;

public class RaceTests
{
    /// <summary>Ways of ending that must have been seen: a race that always ends alike was none.</summary>
    [Theory]
    [InlineData("CancelAgainstComplete", "cancel answered 'task-finished', ended succeeded", "cancel answered 'canceling', ended succeeded", "cancel answered 'canceling', ended canceled")]
    [InlineData("DrainAgainstOffer", "drained first, the task waits", "offered first, ran to its end", "offered first, released at the deadline")]
    [InlineData("RegisterAgainstLost", "lost, then registered", "registered in time")]
    public void Has_one_outcome_in_each_of_10000_races(string kind, params string[] ways)
    {
        var results = RaceReport.Run(Enum.Parse<RaceKind>(kind), 10_000);

        Assert.DoesNotContain(results, result => result.Violation is not null);
        var outcomes = RaceReport.Outcomes(results);
        Assert.Equal(ways.Order(StringComparer.Ordinal), outcomes.Keys);
        Assert.True(outcomes.Values.Sum() >= 10_000);
        Assert.All(outcomes.Values, count => Assert.True(count >= 100, string.Join("; ", outcomes)));
    }
}
