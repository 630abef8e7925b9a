namespace Broker.Bench;

/// <summary>Who is tried, each set up as it is best: the dispatchers among them know every worker's slots, as Broker does.</summary>
internal static class Contenders
{
    public static readonly Contender LeastLoad = new("Broker: least load, backlog kept", context => new CentralBacklog(context));

    /// <summary>A dispatcher that hands on each task as it comes, to queues a task never leaves.
    /// Plain ones look at all workers alike and fall far behind when slots differ; "by slots" is what an expert would configure.</summary>
    private static readonly IEnumerable<Contender> EarlyPushes =
    [
        new("two choices by slots", context => EarlyPush.TwoChoices(context, Tickets.BySlots(context.Fleet))),
        new("round robin by slots", context => EarlyPush.RoundRobin(context, Tickets.BySlots(context.Fleet))),
        new("random by slots", context => EarlyPush.Random(context, Tickets.BySlots(context.Fleet))),
        new("two choices", context => EarlyPush.TwoChoices(context, context.Fleet)),
        new("round robin", context => EarlyPush.RoundRobin(context, context.Fleet)),
        new("random", context => EarlyPush.Random(context, context.Fleet)),
    ];

    /// <summary>One shared queue. 1: as RabbitMQ's tutorial for fair work; 4: what Celery does unless told otherwise.</summary>
    private static readonly IEnumerable<Contender> Competing = new[] { 1, 2, 4, 10 }
        .Select(prefetch => new Contender($"competing consumers, prefetch {prefetch} a slot", context => new SharedQueue(context, prefetch)));

    public static readonly IReadOnlyList<Contender> Others = [.. Competing, .. EarlyPushes];
}
