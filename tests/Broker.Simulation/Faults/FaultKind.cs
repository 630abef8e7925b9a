namespace Broker.Simulation;

/// <summary>What a schedule of faults is made of.</summary>
internal enum FaultKind
{
    /// <summary>A leader is killed at a point of its turn.</summary>
    LeaderDies,

    /// <summary>kill -9 of a scheduler.</summary>
    SchedulerKilled,

    /// <summary>SIGTERM.</summary>
    SchedulerStopped,

    /// <summary>SIGSTOP of any scheduler.</summary>
    SchedulerPaused,

    /// <summary>SIGSTOP of the leader, mostly beyond its lease.</summary>
    LeaderPaused,

    /// <summary>Between a scheduler and RabbitMQ, one way or both; the database is reached.</summary>
    SchedulerCutOff,

    /// <summary>A scheduler's wall clock jumps by hours.</summary>
    SchedulerClockJumps,

    /// <summary>PostgreSQL stops at once and comes back; what was under way is unknown.</summary>
    DatabaseRestarts,

    /// <summary>RabbitMQ is killed and comes back, with or without what its classic queues held.</summary>
    BrokerRestarts,

    WorkerCrashes,
    WorkerStops,
    WorkerPauses,

    /// <summary>One way or both.</summary>
    WorkerCutOff,

    WorkerClockJumps,

    /// <summary>An operator deletes a worker's queue.</summary>
    QueueDeleted,

    /// <summary>An operator purges a worker's queue.</summary>
    QueuePurged,
}
