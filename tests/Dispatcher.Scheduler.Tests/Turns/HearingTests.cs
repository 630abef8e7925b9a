using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

/// <summary>RabbitMQ is away, or a leader is not connected yet: no worker can be heard, however well it is.</summary>
public sealed class HearingTests
{
    private static readonly TimeSpan LongAway = TimeSpan.FromMinutes(10);

    private readonly SchedulerBench _bench = new();

    [Fact]
    public void While_nothing_is_heard_nobody_is_lost_and_no_attempt_ends()
    {
        var offered = Offered("offered", WorkerTransport.Amqp);
        var running = Offered("running", WorkerTransport.Http);
        _bench.Turn(_bench.Report(WireKind.Started, running));

        _bench.DeafTo = [WorkerTransport.Amqp, WorkerTransport.Http];
        _bench.Run(LongAway);

        Assert.Equal((TaskState.Offered, 1), (offered.State, offered.Attempt));
        Assert.Equal((TaskState.Running, 1), (running.State, running.Attempt));
        Assert.DoesNotContain("lost", _bench.FleetKinds);
    }

    [Fact]
    public void Who_can_be_heard_again_has_a_full_lost_time_to_say_something()
    {
        var task = Offered("w", WorkerTransport.Amqp);
        _bench.Turn(_bench.Report(WireKind.Started, task));
        _bench.DeafTo = [WorkerTransport.Amqp];
        _bench.Run(LongAway);

        _bench.DeafTo = [];
        _bench.Run(TimeSpan.FromSeconds(34));
        Assert.DoesNotContain("lost", _bench.FleetKinds);
        _bench.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(Liveness.Lost, _bench.State.Workers["w"].Record.Liveness);
    }

    [Fact]
    public void Workers_of_the_other_transport_are_judged()
    {
        Offered("amqp", WorkerTransport.Amqp);
        Offered("http", WorkerTransport.Http);

        _bench.DeafTo = [WorkerTransport.Http];
        _bench.Run(TimeSpan.FromSeconds(40));

        Assert.Equal(Liveness.Lost, _bench.State.Workers["amqp"].Record.Liveness);
        Assert.Equal(Liveness.Suspect, _bench.State.Workers["http"].Record.Liveness);
    }

    private TaskRecord Offered(string worker, string transport)
    {
        _bench.AddWorker(worker, transport: transport);
        return _bench.Task(_bench.Submit());
    }
}
