namespace Broker.Bench;

/// <summary>As many no-op tasks as fast as the interface takes them.</summary>
/// <param name="Batch">Tasks in a request; 1: each in one of its own.</param>
/// <param name="Connections">Requests at once.</param>
internal sealed record BurstPlan(int Tasks, int Batch, int Connections);

/// <param name="Seconds">From the first submission to the last recorded completion.</param>
/// <param name="SubmitSeconds">Until the last one was taken.</param>
internal sealed record BurstResult(int Tasks, double Seconds, double SubmitSeconds)
{
    public double TasksPerSecond => Tasks / Seconds;
}
