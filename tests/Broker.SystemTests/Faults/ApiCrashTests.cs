using System.Collections.Concurrent;
using System.Net;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>API processes die, and producers ask again elsewhere.</summary>
public sealed class ApiCrashTests(SharedServer server, ITestOutputHelper output) : PoolTests(server)
{
    private object ATask(int number = 0) => new { type = "echo", pool = Pool, payload = new { number } };

    /// <summary>Rows 1 and 2 of the faults.</summary>
    [Fact]
    public async Task An_API_killed_while_it_takes_tasks_leaves_each_key_one_task_that_runs_once()
    {
        StartAgent("bot", slots: 8);
        var ids = new ConcurrentDictionary<string, HashSet<string>>();
        for (var round = 1; round <= 3; round++)
        {
            using var doomed = new ApiClient(new Uri($"http://127.0.0.1:{Ports.Free()}"));
            var process = Broker.StartApi(doomed.Http.BaseAddress);
            await doomed.WaitUntilReadyAsync(Patience);
            var producers = Enumerable.Range(0, 8).Select(producer => AskUntilGoneAsync(doomed, $"{Pool}-{round}-{producer}", ids)).ToList();
            await Eventually.Async(() => Task.FromResult(ids.Count), count => count > 100 * round, "a hundred tasks are handed in", Patience);
            await process.KillAsync();
            await Task.WhenAll(producers);
        }
        var unanswered = ids.Values.Count(answers => answers.Count == 0);
        foreach (var (key, answers) in ids) answers.Add(await AskOnAsync(Api, key));

        output.WriteLine($"{unanswered} of {ids.Count} were not answered");
        Assert.NotEqual(0, unanswered);
        Assert.All(ids.Values, answers => Assert.Single(answers));
        await RunOnceAsync([.. ids.Values.Select(answers => answers.Single())]);
    }

    /// <summary>Row 1 of the faults, at its one point: the task is safe, its producer does not know.</summary>
    [Fact]
    public async Task An_API_killed_between_the_confirm_and_the_answer_gives_the_same_task_when_asked_again()
    {
        StartAgent("bot");
        using var doomed = new ApiClient(new Uri($"http://127.0.0.1:{Ports.Free()}"));
        var process = Broker.StartApi(doomed.Http.BaseAddress);
        await doomed.WaitUntilReadyAsync(Patience);
        await using var tap = await RabbitTap.ConnectAsync();
        var heard = await tap.ListenAsync($"{Broker.QueuePrefix}Broker.Contracts:TaskSubmitted");

        // With wait it answers when the task has finished: it can't have answered when the task is seen on the wire.
        var asking = AskAsync(doomed, $"{Pool}-key", "?wait=30s");
        while (!System.Text.Encoding.UTF8.GetString((await tap.NextAsync(heard)).Body.Span).Contains(Pool, StringComparison.Ordinal)) { }
        await process.KillAsync();
        var first = await asking;
        var again = await AskOnAsync(Api, $"{Pool}-key");

        Assert.True(first is null || first == again);
        await RunOnceAsync([again]);
    }

    /// <summary>Row 3 of the faults.</summary>
    [Fact]
    public async Task One_key_posted_fifty_times_at_once_to_two_APIs_is_one_task_that_runs_once()
    {
        StartAgent("bot", slots: 4);
        using var second = await SecondApiAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => AskOnAsync(i % 2 == 0 ? Api : second, $"{Pool}-one")));

        await RunOnceAsync([Assert.Single(answers.Distinct())]);
    }

    /// <summary>Row 4 of the faults.</summary>
    [Fact]
    public async Task One_key_with_other_contents_at_once_on_two_APIs_is_one_task_and_the_conflict_shows()
    {
        StartAgent("bot", slots: 4);
        using var second = await SecondApiAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => (i % 2 == 0 ? Api : second).TryPostAsync("/v1/tasks", ATask(i), $"{Pool}-many")));
        var taken = answers.Where(answer => answer.Status == HttpStatusCode.Accepted).Select(answer => (string)answer.Body["id"]!).Distinct();
        var id = Assert.Single(taken);
        await RunOnceAsync([id]);
        var later = await Api.TryPostAsync("/v1/tasks", ATask(1_000), $"{Pool}-many");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency-key-reused"), (later.Status, (string?)later.Body["code"]));
        Assert.All(answers, answer => Assert.True((int)answer.Status is 202 or 422 or 503, $"{answer.Status}"));
    }

    private async Task<ApiClient> SecondApiAsync()
    {
        var api = new ApiClient(new Uri($"http://127.0.0.1:{Ports.Free()}"));
        Broker.StartApi(api.Http.BaseAddress);
        await api.WaitUntilReadyAsync(Patience);
        return api;
    }

    /// <summary>One task after the other, until there is no answer.</summary>
    private async Task AskUntilGoneAsync(ApiClient api, string name, ConcurrentDictionary<string, HashSet<string>> ids)
    {
        for (var number = 0; ; number++)
        {
            var answers = ids.GetOrAdd($"{name}-{number}", _ => []);
            if (await AskAsync(api, $"{name}-{number}") is not { } id) return;
            answers.Add(id);
        }
    }

    /// <summary>As a producer does: again and again until there is an answer.</summary>
    private async Task<string> AskOnAsync(ApiClient api, string key) =>
        (await Eventually.Async(() => AskAsync(api, key), id => id is not null, $"an answer for {key}", Patience))!;

    /// <summary>The task's id; null if the API was gone before it answered, or too busy.</summary>
    private async Task<string?> AskAsync(ApiClient api, string key, string query = "")
    {
        try
        {
            var (status, body) = await api.TryPostAsync("/v1/tasks" + query, ATask(), key);
            if (status == HttpStatusCode.ServiceUnavailable) return null;
            return (int)status is 200 or 202 ? (string)body["id"]! : throw new InvalidOperationException($"{status}: {body}");
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task RunOnceAsync(IReadOnlyCollection<string> ids)
    {
        Assert.All((await Api.WaitForAllAsync(ids, Patience)).Values, state => Assert.Equal("succeeded", state));
        foreach (var id in ids)
        {
            var steps = (await Api.EventsAsync(id)).Select(step => (string)step["event"]!).ToList();
            Assert.Single(steps, "offered");
            Assert.Single(steps, "attempt-ended");
        }
    }
}
