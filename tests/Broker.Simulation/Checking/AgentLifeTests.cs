using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>One bad life, at least, for each rule of the agent's.</summary>
public class AgentLifeTests
{
    private readonly Checker _checker = new();
    private readonly AgentLife _life;
    private readonly Guid _task = Guid.NewGuid();

    public AgentLifeTests() => _life = new AgentLife(_checker, "a", slots: 1);

    [Fact]
    public void Says_nothing_about_a_good_life()
    {
        Run(_task, Json("1"));
        Say(WireKind.Succeeded, _task, Json("1"));
        Say(WireKind.Succeeded, _task, Json("1"));
        Run(Guid.NewGuid(), Json("2"));

        Assert.Null(_checker.Violation);
        Assert.Single(_checker.World.Produced[("1-1", "a")]);
    }

    [Fact]
    public void G1_notices_more_than_the_slots()
    {
        _life.Began(_task, 1);
        _life.Began(Guid.NewGuid(), 1);

        Assert.Equal("G1", _checker.Violation?.Rule);
    }

    [Fact]
    public void G2_notices_an_attempt_that_runs_again()
    {
        Run(_task, Json("1"));
        Run(_task, Json("1"));

        Assert.Equal("G2", _checker.Violation?.Rule);
    }

    [Theory]
    [InlineData(WireKind.Succeeded, "2")]
    [InlineData(WireKind.Failed, null)]
    [InlineData(WireKind.Released, null)]
    public void G3_notices_a_report_of_something_else(string kind, string? result)
    {
        Run(_task, Json("1"));
        Say(kind, _task, Json(result));

        Assert.Equal("G3", _checker.Violation?.Rule);
    }

    [Fact]
    public void G3_notices_two_ends()
    {
        Run(_task, result: null);
        Say(WireKind.Failed, _task, default);
        Say(WireKind.Released, _task, default);

        Assert.Equal("G3", _checker.Violation?.Rule);
    }

    private void Run(Guid task, RawJson? result)
    {
        _life.Began(task, 1);
        _life.Ended(task, 1, result);
    }

    private void Say(string kind, Guid task, RawJson result) => _life.Said(new ReportMessage
    {
        Kind = kind,
        Worker = "a",
        Session = "session-a",
        Reports = [new Report { Task = task, Attempt = 1, Token = "1-1", Result = result }],
    });

    private static RawJson Json(string? text) => text is null ? default : new RawJson(System.Text.Encoding.UTF8.GetBytes(text));
}
