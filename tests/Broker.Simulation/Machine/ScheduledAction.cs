namespace Broker.Simulation;

/// <summary>Something that happens at a moment, unless it is called off.</summary>
internal sealed class ScheduledAction(Action action)
{
    public bool IsCanceled { get; private set; }

    public void Cancel() => IsCanceled = true;

    public void Run() => action();
}
