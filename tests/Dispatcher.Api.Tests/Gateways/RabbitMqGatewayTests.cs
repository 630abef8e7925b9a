using System.Diagnostics;
using Broker.Contracts;
using Broker.TestKit;

namespace Broker.Api.Tests;

public sealed class RabbitMqGatewayTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private readonly BusFixture bus = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => bus.InitializeAsync();

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    [Fact]
    public async Task A_confirmed_submission_arrives_untouched_however_deep_its_payload()
    {
        await bus.StartSchedulerAsync(_ => null);
        var depth = Limits.PayloadDepth - 1;
        var payload = $$"""{"a": 1.0, "b":{{new string('[', depth)}}{{new string(']', depth)}} }""";

        await bus.Gateway.SubmitAsync(ASubmission(payload), Token);

        await Eventually.Async(() => Task.FromResult(bus.Received.Count), count => count == 1, "the submission to arrive");
        var task = Assert.Single(Assert.Single(bus.Received).Tasks);
        Assert.Equal(payload, System.Text.Encoding.UTF8.GetString(task.Payload.Utf8.Span));
        Assert.Null(bus.Gateway.Trouble);
    }

    [Fact]
    public async Task Before_the_first_scheduler_nothing_is_taken()
    {
        var submission = await Assert.ThrowsAsync<SchedulerUnavailableException>(() => bus.Gateway.SubmitAsync(ASubmission("1"), Token));
        var command = await Assert.ThrowsAsync<SchedulerUnavailableException>(AskAsync);

        Assert.Equal(("scheduler-unavailable", "scheduler-unavailable"), (submission.Code, command.Code));
        Assert.Contains(bus.Names.Submissions, submission.Message, StringComparison.Ordinal);
        Assert.Contains(bus.Names.Submissions, bus.Gateway.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_gets_its_reply_or_its_refusal()
    {
        await bus.StartSchedulerAsync(command => command.Reason == "no"
            ? new CommandRefused { Code = ProblemCode.TaskFinished, Detail = "It has succeeded." }
            : new TaskChanged { Task = command.Task, State = TaskState.Canceled });

        var changed = await AskAsync();
        var refused = await Assert.ThrowsAsync<CommandRefusedException>(() => AskAsync(reason: "no"));

        Assert.Equal(TaskState.Canceled, changed.State);
        Assert.Equal(("task-finished", "It has succeeded."), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task A_reply_that_comes_too_late_is_dropped()
    {
        using var late = new ManualResetEventSlim();
        await bus.StartSchedulerAsync(command =>
        {
            if (command.Reason == "slow") late.Wait(Token);
            return new TaskChanged { Task = command.Task, State = TaskState.Canceled };
        });
        await AskAsync();

        await Assert.ThrowsAsync<SchedulerUnavailableException>(() => AskAsync("slow", TimeSpan.FromMilliseconds(300)));
        late.Set();
        await AskAsync();

        Assert.False(await bus.HasQueueAsync("_skipped"));
    }

    [Fact]
    public async Task A_scheduler_that_is_silent_is_given_up_in_time()
    {
        await bus.StartSchedulerAsync(_ => null);
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAsync<SchedulerUnavailableException>(() => AskAsync(timeout: TimeSpan.FromMilliseconds(300)));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    /// <summary>Row 6 of the faults.</summary>
    [Fact]
    public async Task A_broker_that_confirms_nothing_is_given_up_within_6_seconds_and_comes_back()
    {
        await bus.StartSchedulerAsync(command => new TaskChanged { Task = command.Task, State = TaskState.Canceled });
        await bus.Gateway.SubmitAsync(ASubmission("1"), Token);
        bus.Proxy.ToServer.Close();
        var clock = Stopwatch.StartNew();

        var exceptions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Assert.ThrowsAsync<SchedulerUnavailableException>(() => bus.Gateway.SubmitAsync(ASubmission("1"), Token))));

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        Assert.All(exceptions, exception => Assert.Equal("not-confirmed", exception.Code));
        Assert.NotNull(bus.Gateway.Trouble);
        bus.Proxy.ToServer.Open();
        await bus.Gateway.SubmitAsync(ASubmission("2"), Token);
        Assert.Equal(TaskState.Canceled, (await AskAsync()).State);
        Assert.Null(bus.Gateway.Trouble);
    }

    [Fact]
    public async Task While_nothing_is_confirmed_one_submission_at_a_time_is_tried_and_the_others_are_refused_at_once()
    {
        await bus.StartSchedulerAsync(_ => null);
        await bus.Gateway.SubmitAsync(ASubmission("1"), Token);
        bus.Proxy.ToServer.Close();
        await Assert.ThrowsAsync<SchedulerUnavailableException>(() => bus.Gateway.SubmitAsync(ASubmission("2"), Token));

        var tried = bus.Gateway.SubmitAsync(ASubmission("3"), Token);
        var clock = Stopwatch.StartNew();
        var refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Assert.ThrowsAsync<SchedulerUnavailableException>(() => bus.Gateway.SubmitAsync(ASubmission("4"), Token))));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.All(refused, exception => Assert.Equal("scheduler-unavailable", exception.Code));
        bus.Proxy.ToServer.Open();
        await tried;
        Assert.Null(bus.Gateway.Trouble);
        Assert.DoesNotContain(bus.Received, submission => System.Text.Encoding.UTF8.GetString(submission.Tasks[0].Payload.Utf8.Span) == "4");
    }

    private Task<TaskChanged> AskAsync() => AskAsync(timeout: null);

    private Task<TaskChanged> AskAsync(string? reason = null, TimeSpan? timeout = null) =>
        bus.Gateway.AskAsync<CancelTask, TaskChanged>(
            new CancelTask { Task = Guid.NewGuid(), Reason = reason }, timeout ?? Timeout, Token);

    private static TaskSubmitted ASubmission(string payload) => new()
    {
        AcceptedAt = DateTimeOffset.UnixEpoch,
        Tasks =
        [
            new SubmittedTask
            {
                Id = Guid.NewGuid(), Type = "echo", Priority = 4, Pool = "default", Cost = 1,
                Payload = new RawJson(System.Text.Encoding.UTF8.GetBytes(payload)),
            },
        ],
    };
}
