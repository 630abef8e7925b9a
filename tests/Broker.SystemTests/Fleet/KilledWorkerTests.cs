using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Rows 52 and 63 of the faults: kill -9 of workers at any moment of their tasks.</summary>
public sealed class KilledWorkerTests(SharedServer server, ITestOutputHelper output) : PoolTests(server)
{
    private const int TasksEach = 4;
    private readonly int _seed = Random.Shared.Next();

    [Fact]
    public async Task Tasks_of_workers_killed_at_any_moment_run_elsewhere_and_end_once()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "1s" } });
        for (var round = 0; round < FullRun.Of(1, 20); round++)
        {
            var agents = Enumerable.Range(0, 3).Select(number => StartAgent($"victim-{round}-{number}", slots: 2)).ToList();
            var ids = await SubmitManyAsync(3 * TasksEach, Short);
            await Task.WhenAll(agents.Select((agent, number) => KillAtRandomAsync(agent, ids[number], round * 3 + number)));

            var heir = StartAgent($"heir-{round}", slots: 4);
            await CheckAsync(ids, lossLimit: 1);
            await heir.KillAsync();
        }
    }

    [Fact]
    public async Task A_worker_killed_at_any_moment_comes_back_under_its_id_and_its_tasks_cost_nothing()
    {
        var agent = StartAgent("bot", slots: 2);
        for (var round = 0; round < FullRun.Of(3, 50); round++)
        {
            var ids = await SubmitManyAsync(TasksEach, Short);
            await KillAtRandomAsync(agent, ids[0], round);
            agent = StartAgent("bot", slots: 2);
            await CheckAsync(ids, lossLimit: 0);
        }
    }

    private static object Short => new { type = "sleep", payload = new { ms = 200 } };

    /// <summary>At some moment from its first offer until all its tasks could have ended.</summary>
    private async Task KillAtRandomAsync(BrokerProcess agent, string first, int number)
    {
        var phase = TimeSpan.FromMilliseconds(new Random(_seed + number).Next(600));
        output.WriteLine($"kill {number} at {phase.TotalMilliseconds} ms, seed {_seed}");
        await OfferedToAsync(first);
        await Task.Delay(phase, TimeProvider.System, TestContext.Current.CancellationToken);
        await agent.KillAsync();
    }

    private async Task CheckAsync(List<string> ids, int lossLimit)
    {
        await Api.WaitForAllAsync(ids, Patience);
        foreach (var id in ids)
        {
            var task = await Api.TaskAsync(id);
            Assert.Equal("succeeded", (string?)task["state"]);
            Assert.InRange((int)task["losses"]!, 0, lossLimit);
            Assert.Equal(0, (int)task["failures"]!);
            Assert.Single(await Api.EventsAsync(id), step => (string?)step["outcome"] == "succeeded");
        }
    }
}
