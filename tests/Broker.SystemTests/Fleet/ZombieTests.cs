using System.Text.Json.Nodes;

namespace Broker.SystemTests;

/// <summary>Row 54 of the faults: a worker that stood still beyond its lease and then goes on as if nothing had happened.</summary>
[Trait("Kind", "fault")]
public sealed class ZombieTests(SharedServer server) : PoolTests(server)
{
    private readonly int _rounds = FullRun.Of(2, 100);

    [Fact]
    public async Task A_worker_stopped_until_its_heir_has_succeeded_changes_nothing_and_works_on()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "1s" } });
        var agent = StartAgent("zombie");
        for (var round = 0; round < _rounds; round++)
        {
            var id = await StopInTheMiddleAsync(agent);
            var heir = await BotAsync($"heir-{round}");
            await heir.SucceedAsync(await heir.StartNextAsync(), new { by = "heir" });
            await Api.PostAsync($"/v1/workers/{heir.Id}/cordon", new { reason = "done" });

            await agent.SignalAsync("CONT");
            var events = await TestKit.Eventually.Async(() => Api.EventsAsync(id),
                events => events.Any(step => (string?)step["event"] == "superseded"), "the late report is noted", Patience);
            var next = await SubmitAsync();
            await Api.WaitForStateAsync(next, "succeeded", Patience);

            var task = await Api.TaskAsync(id);
            Assert.Equal(("heir", 2, 1), ((string?)task["result"]!["by"], (int)task["attempts"]!, (int)task["losses"]!));
            Assert.Equal($"{Pool}-zombie", (string?)(await Api.TaskAsync(next))["worker"]);
            Assert.Equal(["lost", "succeeded"], Outcomes(await Api.EventsAsync(id)));
            Assert.Single(events, step => (string?)step["event"] == "superseded");
            Assert.Equal(0, (int)(await WorkerAsync("zombie"))["slotsUsed"]!);
        }
    }

    [Fact]
    public async Task The_late_success_of_a_worker_without_an_heir_counts()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "1s" } });
        var agent = StartAgent("zombie");
        for (var round = 0; round < _rounds; round++)
        {
            var id = await StopInTheMiddleAsync(agent);

            await agent.SignalAsync("CONT");
            await Api.WaitForStateAsync(id, "succeeded", Patience);

            var task = await Api.TaskAsync(id);
            Assert.Equal((5_000, 1, 1), ((int)task["result"]!["sleptMs"]!, (int)task["attempts"]!, (int)task["losses"]!));
        }
    }

    /// <summary>Gives the agent a task shorter than the lost time and stops it while it runs, until it is given up.</summary>
    private async Task<string> StopInTheMiddleAsync(TestKit.BrokerProcess agent)
    {
        var id = await SubmitAsync(new { type = "sleep", payload = new { ms = 5_000 } });
        await Api.WaitForStateAsync(id, "running", Patience);
        await agent.SignalAsync("STOP");
        await WaitForWorkerAsync("zombie", worker => (string?)worker["liveness"] == "lost", "is lost");
        Assert.Equal("queued", await Api.StateOfAsync(id));
        return id;
    }

    private static IEnumerable<string> Outcomes(List<JsonNode> events) =>
        events.Where(step => (string?)step["event"] == "attempt-ended").Select(step => (string)step["outcome"]!);
}
