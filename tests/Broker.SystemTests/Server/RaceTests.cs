using System.Net;
using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Two things happen to a task at one moment: it ends one way, and whoever asked was told which.</summary>
[Trait("Kind", "fault")]
public sealed class RaceTests(LoneScheduler lone, ITestOutputHelper output) : IClassFixture<LoneScheduler>
{
    private static readonly int Races = FullRun.Of(40, 200);

    /// <summary>How long before its moment a worker looks how those before it fared.</summary>
    private static readonly TimeSpan Head = TimeSpan.FromMilliseconds(300);

    private readonly Race _race = new();

    private ServerBroker Broker => lone.Broker;

    private ApiClient Api => lone.Broker.Api;

    /// <summary>Row 68 of the faults.</summary>
    [Theory]
    [InlineData("succeed", "succeeded")]
    [InlineData("fail", "canceled")]
    public async Task A_cancel_against_an_end_leaves_one_end_and_both_are_told_the_same(string end, string final)
    {
        var pool = await PoolAsync($"cancel-{end}");
        var bot = await HttpBot.RegisterAsync(Api, pool, pool, new { slots = Races });
        foreach (var id in await SubmitAsync(pool, Races))
        {
            var given = await bot.StartNextAsync();
            (HttpStatusCode Status, JsonNode Body) cancel = default;
            (HttpStatusCode Status, string? Code) report = default;
            await _race.RunAsync(
                async () => cancel = await Api.TryPostAsync($"/v1/tasks/{given.Task}/cancel", new { reason = "race" }),
                async () => report = await bot.ReportAsync(given, end, end == "succeed" ? new { token = given.Token }
                    : new { token = given.Token, error = new { code = "race", message = "race" }, retryAfter = "1h" }));

            var canceledFirst = cancel.Status == HttpStatusCode.Accepted;
            Assert.Equal((HttpStatusCode.OK, null), report);
            if (canceledFirst) Assert.Equal("canceling", (string?)cancel.Body!["state"]);
            else if (end == "succeed") Assert.Equal((HttpStatusCode.Conflict, "task-finished"), (cancel.Status, (string?)cancel.Body!["code"]));
            else Assert.Equal((HttpStatusCode.OK, "canceled"), (cancel.Status, (string?)cancel.Body!["state"]));
            await Api.WaitForStateAsync(given.Task, final);
            _race.Won(canceledFirst);
        }
        await CheckAsync($"cancel : {end}");
    }

    [Fact]
    public async Task A_drain_against_an_offer_lets_nothing_be_offered_after_it_was_answered()
    {
        var pool = await PoolAsync("drain");
        var bot = await HttpBot.RegisterAsync(Api, pool, pool);
        for (var i = 0; i < Races; i++)
        {
            var id = "";
            await _race.RunAsync(
                async () => await Api.PostAsync($"/v1/workers/{bot.Id}/drain", new { reason = "race" }),
                async () => id = (await SubmitAsync(pool, 1))[0]);
            var state = await Eventually.Async(() => Api.StateOfAsync(id), state => state != "accepted", "the task is recorded");

            // Answered and recorded: what was not offered by now must wait for the worker to be open again.
            var offeredFirst = state == "offered";
            if (offeredFirst) await bot.CompleteAsync(1);
            await Eventually.Async(() => Api.GetAsync($"/v1/workers/{bot.Id}"), worker => (string?)worker["admission"] == "drained", "it is drained");
            await Api.PostAsync($"/v1/workers/{bot.Id}/uncordon", new { reason = "race" });
            if (!offeredFirst) await bot.CompleteAsync(1);
            await Api.WaitForStateAsync(id, "succeeded");
            _race.Won(!offeredFirst);
        }

        Assert.Equal(["0 1"], await Broker.ReadAsync($"SELECT sum(failures + losses) || ' ' || max(attempt) FROM task_history WHERE pool = '{pool}'"));
        // All of a turn has one moment, and what people ask for comes before placement.
        Assert.Equal([], await Broker.ReadAsync($"""
            SELECT o.task_id::text FROM (
                SELECT e.task_id, e.at FROM task_events e CROSS JOIN json_array_elements(e.transitions) t
                WHERE t->>'event' = 'offered' AND t->>'worker' = '{bot.Id}') o
            CROSS JOIN LATERAL (SELECT kind FROM fleet_events f WHERE f.worker = '{bot.Id}' AND f.at <= o.at ORDER BY f.seq DESC LIMIT 1) latest
            WHERE latest.kind IN ('draining', 'drained')
            """));
        await CheckAsync("drain : offer");
    }

    /// <summary>A worker that has been silent for as long as it may comes back at that very moment.</summary>
    [Fact]
    public async Task A_registration_against_the_loss_of_its_worker_ends_each_attempt_in_one_way()
    {
        await FillFleetAsync();
        var racing = new List<Task>();
        for (var i = 0; i < Races; i++)
        {
            racing.Add(RegisterAgainstLossAsync(await PoolAsync($"lost-{i}")));
            // One after the other, so that each learns from those before.
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        await Task.WhenAll(racing);
        await CheckAsync("lost : register");
    }

    private async Task RegisterAgainstLossAsync(string pool)
    {
        var before = await HttpBot.RegisterAsync(Api, pool, pool);
        var id = (await SubmitAsync(pool, 1))[0];
        await before.StartNextAsync();
        var asked = TimeProvider.System.GetTimestamp();
        await before.BeatAsync();

        // Three intervals and five seconds of silence, counted from somewhere between question and answer.
        var silentSince = TimeProvider.System.GetElapsedTime(asked) / 2;
        var lostAfter = TimeSpan.FromSeconds(8) + silentSince;
        await Task.Delay(lostAfter - TimeProvider.System.GetElapsedTime(asked) - Head, TimeProvider.System);
        var left = lostAfter - TimeProvider.System.GetElapsedTime(asked) + _race.NextGap();
        if (left > TimeSpan.Zero) await Task.Delay(left, TimeProvider.System);
        var after = await HttpBot.RegisterAsync(Api, pool, pool);
        var again = await after.StartNextAsync();

        var ends = (await Api.EventsAsync(id)).Where(step => (string?)step["event"] == "attempt-ended").ToList();
        var outcome = (string)Assert.Single(ends)["outcome"]!;
        Assert.Contains(outcome, new[] { "lost", "interrupted" });
        Assert.Equal((2, outcome == "lost" ? 1 : 0), (again.Attempt, (int)(await Api.TaskAsync(id))["losses"]!));
        Assert.Equal([after.Session], await Broker.ReadAsync($"SELECT record->>'session' FROM workers WHERE id = '{pool}' AND liveness <> 'lost'"));
        await after.SucceedAsync(again);
        await Api.WaitForStateAsync(id, "succeeded");
        _race.Won(outcome == "lost");
    }

    /// <summary>Enough others for a few dozen silent ones to be believed, and time enough since the leader took over.</summary>
    private async Task FillFleetAsync()
    {
        await Api.PutAsync("/v1/pools/fill", new { heartbeat = new { interval = "10m" } });
        await Parallel.ForEachAsync(Enumerable.Range(0, 250), TestContext.Current.CancellationToken, async (i, _) => await HttpBot.RegisterAsync(Api, $"fill-{i}", "fill"));
        await Eventually.Async(() => Broker.ReadAsync("SELECT (min(at) < clock_timestamp() - interval '18 s')::text FROM fleet_events"),
            rows => rows[0] == "true", "the leader is past its start");
    }

    private async Task<string> PoolAsync(string name)
    {
        await Api.PutAsync($"/v1/pools/{name}", new { heartbeat = new { interval = name.StartsWith("lost", StringComparison.Ordinal) ? "1s" : "10m" } });
        return name;
    }

    private Task<List<string>> SubmitAsync(string pool, int count) =>
        Api.SubmitAllAsync(Enumerable.Repeat(new { type = "echo", pool }, count));

    /// <summary>No task has left an end once it had come to it, and the races were some.</summary>
    private async Task CheckAsync(string race)
    {
        Assert.Empty(await Broker.ReadAsync("""
            SELECT task_id::text FROM (
                SELECT e.task_id, t->>'state' AS state, lag(t->>'state') OVER (PARTITION BY e.task_id ORDER BY e.seq, n) AS before
                FROM task_events e CROSS JOIN json_array_elements(e.transitions) WITH ORDINALITY AS steps (t, n)) step
            WHERE before IN ('succeeded', 'dead', 'canceled') AND state <> before
            """));
        output.WriteLine($"{race} = {_race.Check()}");
    }
}
