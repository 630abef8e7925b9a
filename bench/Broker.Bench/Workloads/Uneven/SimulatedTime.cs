namespace Broker.Bench;

/// <summary>What is going to happen, in order of time, then of the request.</summary>
internal sealed class SimulatedTime
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _due = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public void At(TimeSpan at, Action action) => _due.Enqueue(action, (at, _order++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    public void Run()
    {
        while (_due.TryDequeue(out var action, out var due))
        {
            Now = due.At;
            action();
        }
    }
}
