using Broker.Contracts;

namespace Broker.Scheduler.Tests;

/// <summary>RabbitMQ was away and may have lost what lay in the workers' queues.</summary>
public sealed class ReconnectTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void An_offer_the_worker_never_got_is_sent_again_as_it_was()
    {
        var task = _bench.AddAndOffer();

        _bench.Turn(new ReconnectInput());

        _bench.SendsAgainOnceAsItWas(task);
    }

    [Fact]
    public void An_offer_the_worker_has_is_not_sent_again()
    {
        var task = _bench.AddAndOffer();

        _bench.Turn(new ReconnectInput(), _bench.Inventory("w", task.Token.Number, new HeldAttempt(task.Id, 1)));
        _bench.Turn(_bench.Inventory("w", task.Token.Number, new HeldAttempt(task.Id, 1)));

        Assert.Single(_bench.OffersSent);
    }

    [Fact]
    public void While_the_way_breaks_again_and_again_a_worker_is_asked_once()
    {
        _bench.AddAndOffer();
        for (var i = 0; i < 3; i++) _bench.Turn(new ReconnectInput());

        Assert.Single(_bench.Sent, sent => sent.Body is SettingsMessage { SendInventory: true });
    }

    [Fact]
    public void Workers_without_tasks_and_those_without_a_queue_are_asked_nothing()
    {
        _bench.AddWorker("idle");
        _bench.AddWorker("polls", transport: WorkerTransport.Http);
        _bench.Turn(_bench.Submission(SchedulerBench.ATask(), SchedulerBench.ATask()));
        _bench.Turn(_bench.Report(WireKind.Succeeded, _bench.State.Tasks.Values.Single(task => task.Worker == "idle")));
        var sent = _bench.Sent.Count;

        _bench.Turn(new ReconnectInput());

        Assert.Equal(sent, _bench.Sent.Count);
    }
}
