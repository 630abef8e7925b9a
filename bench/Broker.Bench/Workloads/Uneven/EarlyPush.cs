namespace Broker.Bench;

/// <summary>Chooses a worker the moment a task comes and puts it into that worker's queue, where it stays.</summary>
/// <remarks>Counts what it sent and what was reported, without asking anybody.</remarks>
internal sealed class EarlyPush : IContender
{
    private readonly int[] _outstanding;
    private readonly ContenderContext _context;
    private readonly Func<EarlyPush, UnevenWorker> _choose;

    private EarlyPush(ContenderContext context, Func<EarlyPush, UnevenWorker> choose)
    {
        _outstanding = new int[context.Fleet.Length];
        (_context, _choose) = (context, choose);
    }

    public static EarlyPush Random(ContenderContext context, UnevenWorker[] tickets) => new(context, _ => Draw(context, tickets));

    public static EarlyPush RoundRobin(ContenderContext context, UnevenWorker[] tickets)
    {
        var turn = -1;
        return new(context, _ => tickets[turn = (turn + 1) % tickets.Length]);
    }

    /// <summary>The less loaded of two drawn at random, load being what is outstanding for each slot.</summary>
    public static EarlyPush TwoChoices(ContenderContext context, UnevenWorker[] tickets) => new(context, push =>
    {
        var (first, second) = (Draw(context, tickets), Draw(context, tickets));
        return push._outstanding[second.Number] * first.Slots < push._outstanding[first.Number] * second.Slots ? second : first;
    });

    public void Submit(UnevenTask task)
    {
        var worker = _choose(this);
        _outstanding[worker.Number]++;
        _context.Send(worker, task);
    }

    public void Finished(UnevenWorker worker, UnevenTask task) => _outstanding[worker.Number]--;

    private static UnevenWorker Draw(ContenderContext context, UnevenWorker[] tickets) => tickets[context.Random.Next(tickets.Length)];
}
