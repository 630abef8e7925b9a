using System.Text;
using Broker.Contracts;

namespace Broker.Agent.Tests;

public sealed class AgentWorkerTests
{
    [Fact]
    public async Task Registers_what_it_handles_and_begins_with_an_inventory()
    {
        await using var agent = await AgentFixture.StartAsync(prepare: _ => { });

        var inventory = await agent.Broker.NextAsync<InventoryMessage>();

        Assert.Equal(["broken", "echo", "fail", "gate", "large", "progress", "stubborn", "throw"], agent.Broker.Registrations[0].Types);
        Assert.Equal(("bot", "s1", 0L), (inventory.Worker, inventory.Session, inventory.LastOffer));
        Assert.Empty(inventory.Attempts);
    }

    [Fact]
    public async Task Reports_start_and_result_with_the_token_of_the_offer()
    {
        await using var agent = await AgentFixture.StartAsync();

        var offer = agent.Give(agent.Offer("gate"));
        var started = (await agent.NextStartAsync()).Reports[0];
        agent.Open(offer, new { ok = true });
        var succeeded = await agent.Broker.NextReportAsync(WireKind.Succeeded);

        Assert.Equal((offer.Task, 1, offer.Token), (started.Task, started.Attempt, started.Token));
        Assert.Equal((offer.Task, 1, offer.Token), (succeeded.Task, succeeded.Attempt, succeeded.Token));
        Assert.Equal("""{"ok":true}""", Encoding.UTF8.GetString(succeeded.Result.Utf8.Span));
    }

    [Fact]
    public async Task What_ends_at_once_takes_one_report()
    {
        await using var agent = await AgentFixture.StartAsync();

        agent.Give(agent.Offer("echo", "1"));

        Assert.Equal(WireKind.Succeeded, (await agent.Broker.NextAsync<ReportMessage>()).Kind);
    }

    [Fact]
    public async Task Gathers_what_ends_while_a_report_is_under_way_and_leaves_out_starts_that_are_outdated()
    {
        var gate = new TaskCompletionSource();
        await using var agent = await AgentFixture.StartAsync(slots: 20);

        var first = await agent.GiveWithStartUnderWayAsync(gate);
        var echoes = Enumerable.Range(0, 10).Select(_ => agent.Give(agent.Offer("echo", "1"))).ToList();
        agent.Open(first);
        gate.SetResult();

        var seen = new HashSet<Guid>();
        var starts = 0;
        while (!echoes.All(echo => seen.Contains(echo.Task)))
        {
            var message = await agent.Broker.NextAsync<ReportMessage>();
            if (message.Kind == WireKind.Started) starts++;
            else seen.UnionWith(message.Reports.Select(report => report.Task));
        }
        Assert.Equal(1, starts);
    }

    [Fact]
    public async Task Ignores_an_attempt_it_had_and_offers_of_another_session_or_an_older_epoch()
    {
        await using var agent = await AgentFixture.StartAsync();
        var first = agent.Give(agent.Offer("echo", "1", epoch: 2));
        await agent.Broker.NextReportAsync(WireKind.Succeeded, first.Task);

        agent.Give(first);
        var stale = agent.Give(agent.Offer("echo", "2", epoch: 1) with { Number = 0 });
        var foreign = agent.Give(agent.Offer("echo", "3", session: "older") with { Number = 0 });
        var last = agent.Give(agent.Offer("gate", epoch: 2));

        agent.Open(last);
        await agent.Broker.NextAsync<ReportMessage>(message =>
        {
            Assert.DoesNotContain(message.Reports, report => report.Task == first.Task || report.Task == stale.Task || report.Task == foreign.Task);
            return message.Reports.Any(report => report.Task == last.Task);
        });
    }

    [Fact]
    public async Task Asks_by_an_inventory_when_a_newer_session_of_its_id_shows()
    {
        await using var agent = await AgentFixture.StartAsync();
        await agent.Broker.NextReportAsync(WireKind.Succeeded, agent.Give(agent.Offer("echo", "1")).Task);

        agent.Give(agent.Offer("echo", "2", session: "newer"));

        await agent.Broker.NextAsync<InventoryMessage>(inventory => !inventory.Routine);
        await agent.Broker.NextReportAsync(WireKind.Succeeded, agent.Give(agent.Offer("echo", "3")).Task);
    }

    [Fact]
    public async Task Ends_when_it_is_told_that_a_newer_session_of_its_id_works()
    {
        await using var agent = await AgentFixture.StartAsync();
        agent.Broker.Tell(new SettingsMessage { Replaced = "another" });
        await agent.Broker.NextReportAsync(WireKind.Succeeded, agent.Give(agent.Offer("echo", "1")).Task);

        agent.Broker.Tell(new SettingsMessage { Replaced = "s1" });

        Assert.Equal(AgentExit.Replaced, await agent.ExitAsync());
        Assert.Single(agent.Broker.Registrations);
    }

    [Fact]
    public async Task Registers_again_when_the_newer_session_may_be_its_own()
    {
        var failures = 1;
        await using var agent = await AgentFixture.StartAsync(
            prepare: broker => broker.OnRegister = () => failures-- > 0 ? new TimeoutException("no answer") : null);
        await agent.MoveUntilAsync(agent.Broker.NextAsync<InventoryMessage>(), TimeSpan.FromMilliseconds(500));
        await agent.Broker.NextReportAsync(WireKind.Succeeded, agent.Give(agent.Offer("echo", "1")).Task);

        agent.Give(agent.Offer("echo", "2", session: "unanswered"));

        await agent.MoveUntilAsync(
            agent.Broker.NextAsync<InventoryMessage>(inventory => inventory.Session == "s2"), TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task Ends_when_it_is_refused()
    {
        await using var agent = await AgentFixture.StartAsync(
            prepare: broker => broker.OnRegister = () => new RegistrationRefusedException("422: There is no pool 'x'."));

        Assert.Equal(AgentExit.Refused, await agent.ExitAsync());
    }

    [Fact]
    public async Task Starts_no_more_than_its_slots_hold()
    {
        await using var agent = await AgentFixture.StartAsync(slots: 3);
        var cheap = agent.Give(agent.Offer("gate", cost: 2));
        var dear = agent.Give(agent.Offer("gate", cost: 2));
        var small = agent.Give(agent.Offer("gate", cost: 1));

        var started = (await agent.NextStartAsync()).Reports[0];
        Assert.Equal(cheap.Task, started.Task);
        agent.Broker.Tell(new SettingsMessage { SendInventory = true });
        var inventory = await agent.Broker.NextAsync<InventoryMessage>();
        Assert.Equal([cheap.Task, dear.Task, small.Task], inventory.Attempts.Select(attempt => attempt.Task));

        agent.Open(cheap);
        var next = await agent.NextStartAsync();
        Assert.Equal([dear.Task, small.Task], next.Reports.Select(report => report.Task));
    }

    [Fact]
    public async Task Stops_what_is_canceled_and_gives_it_back()
    {
        await using var agent = await AgentFixture.StartAsync(slots: 1);
        var running = agent.Give(agent.Offer("gate"));
        var waiting = agent.Give(agent.Offer("gate"));
        await agent.NextStartAsync(running.Task);

        agent.Broker.Tell(Cancel(waiting));
        var notStarted = await agent.Broker.NextReportAsync(WireKind.Released);
        agent.Broker.Tell(Cancel(running));
        var stopped = await agent.Broker.NextReportAsync(WireKind.Released);

        Assert.Equal((waiting.Task, "canceled"), (notStarted.Task, notStarted.Error!.Code));
        Assert.Equal((running.Task, "canceled"), (stopped.Task, stopped.Error!.Code));
    }

    [Fact]
    public async Task Reports_success_that_came_before_a_cancel_took_effect()
    {
        await using var agent = await AgentFixture.StartAsync();
        var offer = agent.Give(agent.Offer("stubborn"));
        await agent.NextStartAsync();

        agent.Broker.Tell(Cancel(offer));
        agent.Open(offer, 1);

        Assert.Equal(offer.Task, (await agent.Broker.NextReportAsync(WireKind.Succeeded)).Task);
    }

    [Fact]
    public async Task Fails_an_attempt_that_outlives_its_timeout()
    {
        await using var agent = await AgentFixture.StartAsync();
        agent.Give(agent.Offer("gate"));
        await agent.NextStartAsync();

        var failed = agent.Broker.NextReportAsync(WireKind.Failed);
        await agent.MoveUntilAsync(failed, TimeSpan.FromSeconds(5));

        Assert.Equal(("timed-out", true), ((await failed).Error!.Code, (await failed).Retryable));
        Assert.InRange((await failed).RanMs!.Value, 60_000, 70_000);
    }

    [Theory]
    [InlineData("fail", "no-disk", false, "90s")]
    [InlineData("throw", "invalid-operation", true, null)]
    [InlineData("large", "result-too-large", false, null)]
    [InlineData("broken", "result-not-json", false, null)]
    [InlineData("unheard-of", "unknown-type", false, null)]
    public async Task Says_how_an_attempt_failed(string type, string code, bool retryable, string? retryAfter)
    {
        await using var agent = await AgentFixture.StartAsync();
        agent.Give(agent.Offer(type));

        var failed = await agent.Broker.NextReportAsync(WireKind.Failed);

        Assert.Equal((code, retryable, retryAfter), (failed.Error!.Code, failed.Retryable, failed.RetryAfter));
        Assert.InRange(failed.Error.Message.Length, 1, Limits.ErrorBytes);
    }

    [Fact]
    public async Task Reports_progress_once_a_second_at_most()
    {
        await using var agent = await AgentFixture.StartAsync();
        var offer = agent.Give(agent.Offer("progress"));

        var progress = await agent.Broker.NextReportAsync(WireKind.Progress);
        agent.Open(offer);
        var next = await agent.Broker.NextAsync<ReportMessage>();

        Assert.Equal((0.0, "step\uFFFD"), (progress.Percent, progress.Message));
        Assert.Equal(WireKind.Succeeded, next.Kind);
    }

    private static CancelMessage Cancel(Offer offer) => new()
    {
        Attempts = [new CanceledAttempt { Task = offer.Task, Attempt = offer.Attempt, Reason = "canceled" }],
    };
}
