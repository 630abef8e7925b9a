namespace Broker.Bench.Peers;

internal static class NoopJob
{
    public static NoopTask Run(NoopTask task)
    {
        task.Start = Clock.Now;
        return task;
    }
}
