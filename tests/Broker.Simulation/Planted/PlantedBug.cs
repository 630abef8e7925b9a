namespace Broker.Simulation;

/// <summary>Mistakes made on purpose at the borders of the product, to prove that the checker would notice them inside.</summary>
internal enum PlantedBug
{
    /// <summary>Reports of an old attempt pass for news of the latest one.</summary>
    NoTokenCheck,

    /// <summary>Messages are acknowledged when they come in.</summary>
    AcknowledgeOnArrival,

    /// <summary>A new leader counts no slots for the attempts it finds.</summary>
    LoadNotCounted,

    /// <summary>A commit reads the epoch when it begins, and does not lock it.</summary>
    EpochReadWithoutLock,

    /// <summary>The leader goes on as soon as its commit has left.</summary>
    SendBeforeCommit,

    /// <summary>A commit nobody answered is taken for done.</summary>
    ActOnUnknownCommit,

    /// <summary>Reserve workers are used like active ones.</summary>
    ReserveTooEarly,

    /// <summary>Of tasks that come together the last goes first.</summary>
    WrongOrder,

    /// <summary>An inventory is taken as complete although later offers are on their way.</summary>
    InventoryWithoutOfferNumbers,

    /// <summary>Commits of an old leadership are taken.</summary>
    NoEpochFence,

    /// <summary>Now and then an offer goes into another worker's queue.</summary>
    MixUpQueues,

    /// <summary>Commits are changed by what memory does afterwards.</summary>
    ShareMemory,
}
