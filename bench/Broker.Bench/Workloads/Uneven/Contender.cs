namespace Broker.Bench;

/// <summary>A way to hand tasks to workers that the uneven workload tries.</summary>
/// <param name="Start">Makes it for one run.</param>
internal sealed record Contender(string Name, Func<ContenderContext, IContender> Start);

/// <param name="Send">Puts a task into a worker's own queue.</param>
internal sealed record ContenderContext(UnevenWorker[] Fleet, SimulatedTime Time, Random Random, Action<UnevenWorker, UnevenTask> Send);
