using System.Diagnostics;
using System.Net;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>RabbitMQ stays, but does not do what it should.</summary>
[Collection(FaultTests.Name)]
[Trait("Kind", "fault")]
public sealed class RabbitMqFaultTests(FaultyBroker faulty, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(7);       // 6 s, and one for a busy machine
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(60);
    private static readonly object Echo = new { type = "echo" };

    private ApiClient Api => faulty.Api;
    private ServerBroker Broker => faulty.Broker;

    /// <summary>Nothing of the test before is left.</summary>
    public async ValueTask InitializeAsync() => await faulty.RunOneAsync(RecoveryLimit);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Rows 7 and 8 of the faults.</summary>
    [Theory]
    [InlineData("memory", "set_vm_memory_high_watermark 0", "set_vm_memory_high_watermark absolute 1GB")]
    [InlineData("disk", "set_disk_free_limit 1000000GB", "set_disk_free_limit 100MB")]
    public async Task An_alarm_of_RabbitMQ_is_answered_with_503_in_time_and_is_over_by_itself(string alarm, string raise, string clear)
    {
        var key = $"{alarm}-{Guid.NewGuid()}";
        using var load = new SubmissionLoad(Api, senders: 20);
        await load.WaitForAsync(taken: 20);
        await faulty.Servers.RabbitMqCtlAsync(raise.Split(' '));
        await Eventually.Async(() => Task.FromResult(load.RefusedCount), count => count >= 40, "refusals");
        var (status, _) = await Api.TryPostAsync("/v1/tasks", Echo, key);
        var reading = await Api.StatusOfAsync($"/v1/tasks/{load.Taken.First()}");
        await faulty.Servers.RabbitMqCtlAsync(clear.Split(' '));

        var watch = Stopwatch.StartNew();
        await faulty.RunOneAsync(RecoveryLimit);
        output.WriteLine($"{alarm}: {load}; running again {watch.Elapsed.TotalSeconds:F1} s after it");
        await load.StopAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (status, reading));
        Assert.InRange(load.SlowestRefusal, TimeSpan.Zero, AnswerLimit);
        await EndAllAsync(load);
        await RunsOnceAsync(key);
    }

    /// <summary>Row 5 of the faults. What lay in the queue is lost; that is a named limit of the promise.</summary>
    [Fact]
    public async Task A_deleted_submission_queue_is_answered_with_503_and_stands_again_within_10_seconds()
    {
        await using var tap = await RabbitTap.ConnectAsync(Broker.RabbitMq);
        var (exchange, seen) = ($"{Broker.QueuePrefix}Broker.Contracts:TaskSubmitted", new HashSet<HttpStatusCode>());
        await tap.DeleteQueueAsync(Broker.Queues.Submissions);

        var watch = Stopwatch.StartNew();
        var (_, body) = await Eventually.Async(async () =>
        {
            var answer = await Api.TryPostAsync("/v1/tasks", Echo);
            seen.Add(answer.Status);
            return answer;
        }, answer => answer.Status == HttpStatusCode.Accepted, $"{exchange} has a queue again");

        output.WriteLine($"taking again after {watch.Elapsed.TotalSeconds:F1} s; {string.Join(", ", seen)}");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal([HttpStatusCode.Accepted], seen.Except([HttpStatusCode.ServiceUnavailable]));
        await Api.WaitForStateAsync((string)body["id"]!, "succeeded");
    }

    /// <summary>Row 9 of the faults, by a bound that an operator sets.</summary>
    [Fact]
    public async Task A_full_submission_queue_is_answered_with_503_and_drops_nothing()
    {
        var leader = await Broker.LeaderAsync();
        await faulty.Servers.RabbitMqCtlAsync("set_policy", "full", $"^{Broker.QueuePrefix}broker.0.submissions$",
            """{"max-length": 5, "overflow": "reject-publish"}""", "--apply-to", "queues");
        await leader.SignalAsync("STOP");
        var (taken, refused) = (new List<string>(), 0);
        for (var i = 0; i < 300 && refused < 3; i++)
        {
            var (status, body) = await Api.TryPostAsync("/v1/tasks", Echo);
            if (status == HttpStatusCode.Accepted) taken.Add((string)body["id"]!);
            else refused += status == HttpStatusCode.ServiceUnavailable ? 1 : throw new InvalidOperationException($"{status}: {body}");
        }
        await leader.SignalAsync("CONT");
        await faulty.Servers.RabbitMqCtlAsync("clear_policy", "full");

        output.WriteLine($"{taken.Count} taken, then refused");
        Assert.Equal(3, refused);
        Assert.All((await Api.WaitForAllAsync(taken, RecoveryLimit)).Values, state => Assert.Equal("succeeded", state));
    }

    /// <summary>Row 46 of the faults: RabbitMQ cancels the consumers of a queue that is deleted.</summary>
    [Theory]
    [InlineData("commands")]
    [InlineData("reports")]
    [InlineData("beats")]
    [InlineData("worker")]
    public async Task Whoever_consumed_a_deleted_queue_declares_it_and_consumes_again(string queue)
    {
        var name = queue == "worker" ? Broker.Queues.Worker("bot") : $"{Broker.QueuePrefix}broker.0.{queue}";
        await using var tap = await RabbitTap.ConnectAsync(Broker.RabbitMq);
        await tap.DeleteQueueAsync(name);

        var watch = Stopwatch.StartNew();
        await Eventually.Async(() => faulty.ConsumersOfAsync(name), count => count == 1, $"{name} is consumed", RecoveryLimit);
        output.WriteLine($"{queue}: consumed again after {watch.Elapsed.TotalSeconds:F1} s");
        await faulty.RunOneAsync(RecoveryLimit);
        await CommandAnsweredAsync();
    }

    /// <summary>Row 46 of the faults: RabbitMQ closes a channel that holds a delivery for too long.</summary>
    [Fact]
    public async Task Channels_closed_for_deliveries_held_too_long_are_opened_again()
    {
        await faulty.Servers.RabbitMqCtlAsync("eval", "application:set_env(rabbit, consumer_timeout, 1000), application:set_env(rabbit, channel_tick_interval, 500).");
        try
        {
            await faulty.Servers.RabbitMqCtlAsync("close_all_connections", "new limits");
            await faulty.RunOneAsync(RecoveryLimit);
            var (_, task) = await Api.TryPostAsync("/v1/tasks", new { type = "sleep", payload = new { seconds = 1 } });
            await faulty.Servers.StopAsync(BrokerServer.Postgres);
            var held = await Api.SubmitAsync(Echo);
            // Each of them is held until the database answers.
            await Eventually.Async(faulty.Servers.ReadRabbitMqLogAsync, log => log.Contains("delivery acknowledgement on channel", StringComparison.Ordinal), "a channel is closed");
            await faulty.Servers.StartAgainAsync(BrokerServer.Postgres);

            await Api.WaitForStateAsync(held, "succeeded", RecoveryLimit);
            await Api.WaitForStateAsync((string)task["id"]!, "succeeded", RecoveryLimit);
        }
        finally
        {
            await faulty.Servers.RabbitMqCtlAsync("eval", "application:set_env(rabbit, consumer_timeout, 1800000), application:set_env(rabbit, channel_tick_interval, 60000).");
            await faulty.Servers.RabbitMqCtlAsync("close_all_connections", "old limits");
        }
        await faulty.RunOneAsync(RecoveryLimit);
        await CommandAnsweredAsync();
    }

    /// <summary>Row 47 of the faults.</summary>
    [Fact]
    public async Task Permissions_taken_away_bring_a_clear_error_and_no_crash_loop_and_given_back_everything_goes_on()
    {
        await faulty.Servers.RabbitMqCtlAsync("clear_permissions", "guest");
        await faulty.Servers.RabbitMqCtlAsync("close_all_connections", "no permissions");
        var before = Broker.Output.Length;
        await Eventually.Async(() => Task.FromResult(Broker.Output[before..]),
            output => output.Contains("refused", StringComparison.OrdinalIgnoreCase), "an error that says so");
        var (status, _) = await Api.TryPostAsync("/v1/tasks", Echo);
        var lines = Broker.Output[before..].Split('\n').Length;
        await faulty.Servers.RabbitMqCtlAsync("set_permissions", "guest", ".*", ".*", ".*");

        var watch = Stopwatch.StartNew();
        await faulty.RunOneAsync(RecoveryLimit);
        output.WriteLine($"running again after {watch.Elapsed.TotalSeconds:F1} s; {lines} lines of log");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False(Broker.HasExited, Broker.Output);
        await CommandAnsweredAsync();
    }

    /// <summary>Row 42 of the faults: also when it is away for longer than a worker may be silent, 8 s if it is told 1 s.</summary>
    [Fact]
    public async Task RabbitMQ_stopped_while_tasks_run_gets_their_results_afterwards()
    {
        await Api.PutAsync("/v1/pools/impatient", new { heartbeat = new { interval = "1s" } });
        var one = Broker.StartAgent("one", slots: 4, "--pool", "impatient");
        var other = Broker.StartAgent("other", slots: 8, "--pool", "impatient", "--transport", "http");
        var ids = await Api.SubmitAllAsync(Enumerable.Repeat(new { type = "sleep", pool = "impatient", payload = new { seconds = 2 }, timeout = "8s" }, 8));
        await Eventually.Async(async () => await Task.WhenAll(ids.Select(Api.StateOfAsync)), states => states.All(state => state == "running"), "all run");
        await faulty.Servers.RabbitMqCtlAsync("stop_app");
        await Task.Delay(TimeSpan.FromSeconds(FullRun.Of(20, 60)), TimeProvider.System, TestContext.Current.CancellationToken);
        await faulty.Servers.RabbitMqCtlAsync("start_app");

        var watch = Stopwatch.StartNew();
        await Api.WaitForAllAsync(ids, TimeSpan.FromSeconds(60));
        output.WriteLine($"all reported {watch.Elapsed.TotalSeconds:F1} s after its start");
        foreach (var id in ids)
        {
            var task = await Api.TaskAsync(id);
            Assert.Equal(("succeeded", 1), ((string)task["state"]!, (int)task["attempts"]!));
        }
        await Task.WhenAll(one.KillAsync(), other.KillAsync());
    }

    /// <summary>Offers are not kept on disk.</summary>
    [Fact]
    public async Task An_offer_that_RabbitMQ_lost_when_it_restarted_is_sent_again_long_before_its_lease_ends()
    {
        await faulty.Bot.SignalAsync("STOP");
        var id = await Api.SubmitAsync(Echo);
        await Api.WaitForStateAsync(id, "offered");
        await faulty.Servers.KillAsync(BrokerServer.RabbitMq);
        await faulty.Servers.StartAgainAsync(BrokerServer.RabbitMq);
        await faulty.Bot.SignalAsync("CONT");

        var watch = Stopwatch.StartNew();
        await Api.WaitForStateAsync(id, "succeeded", RecoveryLimit);
        output.WriteLine($"done {watch.Elapsed.TotalSeconds:F1} s after its worker went on");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(1, (int)(await Api.TaskAsync(id))["attempts"]!);
    }

    /// <summary>Row 48 of the faults.</summary>
    [Fact]
    public async Task Without_the_management_API_tasks_run()
    {
        await faulty.Servers.RabbitMqCtlAsync("eval", "application:stop(rabbitmq_management).");
        await faulty.RunOneAsync(RecoveryLimit);
        await faulty.Servers.RabbitMqCtlAsync("eval", "application:start(rabbitmq_management).");
    }

    /// <summary>A key and a pool can't be checked then; the task waits in RabbitMQ.</summary>
    [Fact]
    public async Task Without_the_database_tasks_are_taken_and_reads_are_answered_with_503()
    {
        var known = await Api.SubmitAsync(Echo);
        await Api.WaitForStateAsync(known, "succeeded");
        await faulty.Servers.KillAsync(BrokerServer.Postgres);
        var watch = Stopwatch.StartNew();
        var (status, body) = await Api.TryPostAsync("/v1/tasks", Echo, $"{Guid.NewGuid()}");
        var submitting = watch.Elapsed;
        var reading = await Api.StatusOfAsync($"/v1/tasks/{known}");
        await faulty.Servers.StartAgainAsync(BrokerServer.Postgres);

        watch.Restart();
        await Api.WaitForStateAsync((string)body["id"]!, "succeeded", RecoveryLimit);
        output.WriteLine($"taken in {submitting.TotalSeconds:F1} s; ended {watch.Elapsed.TotalSeconds:F1} s after the database's start");
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable), (status, reading));
        Assert.InRange(submitting, TimeSpan.Zero, AnswerLimit);
    }

    private async Task EndAllAsync(SubmissionLoad load) =>
        Assert.All((await Api.WaitForAllAsync(load.Taken, TimeSpan.FromMinutes(3))).Values, state => Assert.Equal("succeeded", state));

    /// <summary>A key that was answered with 503 may have been recorded, but once at most.</summary>
    private async Task RunsOnceAsync(string key)
    {
        var (_, body) = await Api.TryPostAsync("/v1/tasks", Echo, key);
        var id = (string)body["id"]!;
        await Api.WaitForStateAsync(id, "succeeded");
        Assert.Single(await Api.EventsAsync(id), step => (string)step["event"]! == "offered");
    }

    /// <summary>Commands go their own way, there and back.</summary>
    private async Task CommandAnsweredAsync() =>
        await Eventually.Async(() => Api.StatusOfAsync("/v1/workers/bot"), status => status == HttpStatusCode.OK, "the worker is shown");
}
