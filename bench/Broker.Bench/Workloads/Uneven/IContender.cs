namespace Broker.Bench;

/// <summary>A way to hand tasks to workers. It hears what a dispatcher hears, as late as a dispatcher does.</summary>
internal interface IContender
{
    void Submit(UnevenTask task);

    /// <summary>The worker's report has come in.</summary>
    void Finished(UnevenWorker worker, UnevenTask task);
}
