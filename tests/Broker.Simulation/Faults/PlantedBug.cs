namespace Broker.Simulation;

/// <summary>Mistakes made on purpose, to prove that the checker would notice them in the product.</summary>
internal enum PlantedBug
{
    /// <summary>Commits of an old leadership are taken.</summary>
    NoEpochFence,

    /// <summary>Messages are acknowledged when they come in.</summary>
    AcknowledgeOnArrival,

    /// <summary>Now and then an offer goes into another worker's queue.</summary>
    MixUpQueues,

    /// <summary>Commits are changed by what memory does afterwards.</summary>
    ShareMemory,
}
