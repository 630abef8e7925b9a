using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>How a scheduler process behaves. The defaults suit everybody but tests.</summary>
public sealed class SchedulerOptions
{
    /// <summary>Names of the queues; a prefix isolates tests.</summary>
    public QueueNames Queues { get; set; } = new();

    /// <summary>How long a leadership stands without a turn. Three renewals; a standby takes over after it.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Time between turns of an idle leader, which renew its leadership.</summary>
    public TimeSpan RenewEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between a standby's attempts to take over.</summary>
    public TimeSpan StandbyEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Multiplies offer lease and TTL, cancel grace, and the grace before a silent worker is lost: 1, or less in tests of
    /// faults. 0.01–1.</summary>
    public double LeaseScale { get; set; } = 1;

    /// <summary>Active tasks above which submissions wait in their queue.</summary>
    public int MaxActiveTasks { get; set; } = 2_000_000;

    /// <summary>Which domain events are published.</summary>
    public PublishedEvents Publish { get; set; } = PublishedEvents.Fleet;

    /// <summary>Whether the workers that are not HTTP workers live in this process and die with it.</summary>
    public bool Embedded { get; set; }

    /// <summary>Who we are, for people: shown as the leader.</summary>
    public string Holder { get; set; } = $"{Environment.MachineName}:{Environment.ProcessId}";
}
