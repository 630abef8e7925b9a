using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api.Tests;

public sealed class WorkerTests : IAsyncLifetime
{
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Registration_makes_id_and_session_and_passes_everything_on()
    {
        api.Gateway.On<RegisterWorker>(command => new WorkerRegistered
        {
            Worker = command.Worker,
            Session = command.Session,
            Queue = "broker.w." + command.Worker,
            BeatInterval = TimeSpan.FromSeconds(10),
        });

        var answer = await api.PostAsync("/v1/workers", """{"slots":4,"types":["echo"],"labels":{"os":"linux"},"role":"reserve","maxBatch":10}""");

        Assert.Equal(201, answer.Status);
        Assert.Equal($"/v1/workers/{answer["id"]}", answer.Headers.Location?.ToString());
        Assert.True(Names.IsValid(answer["id"]));
        Assert.Equal(32, answer["session"]!.Length);
        Assert.Equal(("10s", "broker.w." + answer["id"]), (answer["beatInterval"], answer["queue"]));
        var command = api.Gateway.Commands.OfType<RegisterWorker>().Single();
        Assert.Equal(("default", 4, "reserve", "amqp", 10), (command.Pool, command.Slots, command.Role, command.Transport, command.MaxBatch));
    }

    /// <summary>Row 65 of the faults, among others.</summary>
    [Theory]
    [InlineData("""{"id":"Bad Id"}""", "#/id", 422)]
    [InlineData("""{"slots":0}""", "#/slots", 422)]
    [InlineData("""{"slots":1001}""", "#/slots", 422)]
    [InlineData("""{"role":"boss"}""", "#/role", 422)]
    [InlineData("""{"transport":"pigeon"}""", "#/transport", 422)]
    [InlineData("""{"types":[]}""", "#/types", 422)]
    [InlineData("""{"types":[null]}""", "#/types/0", 422)]
    [InlineData("""{"maxBatch":0}""", "#/maxBatch", 422)]
    [InlineData("""{"version":"\u0000"}""", "#/version", 422)]
    [InlineData("""{"colour":"red"}""", "#/colour", 400)]
    public async Task A_bad_registration_is_refused(string body, string at, int status)
    {
        var answer = await api.PostAsync("/v1/workers", body);

        Assert.Equal(status, answer.Status);
        Assert.Equal(at, Assert.Single(answer.Pointers));
        Assert.Empty(api.Gateway.Commands);
    }

    [Fact]
    public async Task The_list_carries_what_the_leader_knows_and_comes_without_it()
    {
        AddWorker("a");
        AddWorker("b");
        var without = (await api.GetAsync("/v1/workers")).Json.GetProperty("items");
        api.Gateway.On<AskWorkers>(command => new WorkersNow
        {
            Workers = [new WorkerNow { SlotsUsed = 1, Attempts = [new HeldAttempt(Guid.NewGuid(), 1)] }, null],
        });

        var with = (await api.GetAsync("/v1/workers")).Json.GetProperty("items");

        Assert.False(without[0].TryGetProperty("load", out _));
        Assert.Equal(0.25, with[0].GetProperty("load").GetDouble());
        Assert.Equal(1, with[0].GetProperty("tasks").GetArrayLength());
        Assert.False(with[1].TryGetProperty("load", out _));
        Assert.DoesNotContain("session", with.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_pages_by_id()
    {
        foreach (var id in new[] { "c", "a", "b" }) AddWorker(id);

        var first = await api.GetAsync("/v1/workers?limit=2");
        var second = await api.GetAsync("/v1/workers?limit=2&cursor=" + first["nextCursor"]);

        Assert.Equal("c", Assert.Single(second.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Null(second["nextCursor"]);
        (await api.GetAsync("/v1/workers?cursor=" + new string('A', 100))).AssertProblem(400, "malformed-request");
        (await api.GetAsync("/v1/workers?liveness=sleepy")).AssertProblem(422, "validation-failed");
    }

    [Fact]
    public async Task Actions_answer_with_the_worker()
    {
        AddWorker("a");
        api.Gateway.On<ChangeWorker>(command => new WorkerChanged { Worker = command.Worker });

        foreach (var action in new[] { "cordon", "uncordon", "drain", "activate", "deactivate" })
        {
            var answer = await api.PostAsync($"/v1/workers/a/{action}", """{"reason":"why"}""");
            Assert.Equal((200, "a"), (answer.Status, answer["id"]));
            Assert.Equal((action, "why"), (api.Gateway.Commands.OfType<ChangeWorker>().Last().Action, api.Gateway.Commands.OfType<ChangeWorker>().Last().Reason));
        }
        Assert.Equal(200, (await api.PostAsync("/v1/workers/a/drain", """{"deadline":"5m"}""")).Status);
        Assert.Equal(TimeSpan.FromMinutes(5), api.Gateway.Commands.OfType<ChangeWorker>().Last().Deadline);
        (await api.PostAsync("/v1/workers/a/cordon", """{"deadline":"5m"}""")).AssertProblem(422, "validation-failed");
    }

    [Fact]
    public async Task Unknown_workers_are_404()
    {
        api.Gateway.On<ChangeWorker>(_ => throw new CommandRefusedException(ProblemCode.UnknownWorker, "Unknown."));

        (await api.GetAsync("/v1/workers/none")).AssertProblem(404, "unknown-worker");
        (await api.GetAsync("/v1/workers/No%20pe")).AssertProblem(404, "unknown-worker");
        (await api.GetAsync("/v1/workers/none/tasks")).AssertProblem(404, "unknown-worker");
        (await api.PostAsync("/v1/workers/none/cordon")).AssertProblem(404, "unknown-worker");
        (await api.PutAsync("/v1/workers/NO/heartbeat", """{"session":"s"}""")).AssertProblem(404, "unknown-worker");
    }

    [Fact]
    public async Task A_beat_is_answered_with_interval_and_orders()
    {
        var task = Guid.NewGuid();
        api.Gateway.On<BeatWorkers>(command => new WorkersBeat
        {
            Answers = [.. command.Beats.Select(beat => beat.Session == "old"
                ? new WorkerBeatAnswer { Code = ProblemCode.StaleSession }
                : new WorkerBeatAnswer
                {
                    BeatInterval = TimeSpan.FromSeconds(15),
                    Cancel = [new CanceledAttempt { Task = task, Attempt = 2, Reason = "canceled" }],
                    Drain = true,
                })],
        });

        var answer = await api.PutAsync("/v1/workers/a/heartbeat", $$"""{"session":"s","attempts":[{"task":"{{task}}","attempt":2}]}""");

        Assert.Equal((200, "15s", "True"), (answer.Status, answer["beatInterval"], answer["drain"]));
        Assert.Equal(task, answer.Json.GetProperty("cancel")[0].GetProperty("task").GetGuid());
        (await api.PutAsync("/v1/workers/a/heartbeat", """{"session":"old"}""")).AssertProblem(409, "stale-session");
        (await api.PutAsync("/v1/workers/a/heartbeat", "{}")).AssertProblem(422, "validation-failed");
        (await api.PutAsync("/v1/workers/a/heartbeat", """{"session":"s","attempts":[null]}""")).AssertProblem(422, "validation-failed");
    }

    [Fact]
    public async Task An_http_worker_sees_the_offers_of_its_session()
    {
        AddWorker("a");
        var task = new SubmittedTask
        {
            Id = Guid.NewGuid(),
            Type = "echo",
            Priority = 4,
            Pool = "default",
            Cost = 1,
            Payload = new RawJson("{\"x\": 1}"u8.ToArray()),
        };
        var view = MemoryGateway.Record(task, DateTimeOffset.UnixEpoch);
        api.Reads.Offers.Add(new(new HttpOffer("a", task.Id, 1, new FenceToken(3, 9), "session-a"), view.Task, view.Payload));
        api.Reads.Offers.Add(new(new HttpOffer("a", task.Id, 1, new FenceToken(3, 8), "older"), view.Task, view.Payload));

        var answer = await api.GetAsync("/v1/workers/a/tasks");
        var stale = await api.SendAsync(HttpMethod.Get, "/v1/workers/a/tasks", headers: ("Broker-Session", "older"));

        var item = Assert.Single(answer.Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("3-9", "echo", "1h"), (item.GetProperty("token").GetString(), item.GetProperty("type").GetString(), item.GetProperty("timeout").GetString()));
        Assert.Equal("{\"x\": 1}", item.GetProperty("payload").GetRawText());
        stale.AssertProblem(409, "stale-session");
    }

    private void AddWorker(string id) =>
        api.Reads.Workers[id] = new WorkerRecord { Id = id, Pool = "default", Slots = 4, Session = "session-" + id };
}
