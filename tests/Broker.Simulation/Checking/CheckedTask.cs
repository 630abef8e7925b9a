using Broker.Storage;

namespace Broker.Simulation;

/// <summary>A task as the committed history tells it.</summary>
internal sealed class CheckedTask(TaskRecord first)
{
    public Guid Id => first.Id;
    public TaskClass Class => first.Class;
    public int Priority => first.Priority;
    public long Seq => first.Seq;
    public int MaxAttempts => first.MaxAttempts;
    public TimeSpan Timeout => first.Timeout;

    public string State { get; set; } = "";
    public int Attempt { get; set; }
    public int Round { get; set; } = 1;
    public int Failures { get; set; }
    public int Losses { get; set; }
    public string? Worker { get; set; }
    public FenceToken Token { get; set; }

    /// <summary>How the latest attempt ended; null while it lives.</summary>
    public string? Outcome { get; set; }

    /// <summary>Whether somebody holds a lease of it.</summary>
    public bool IsLive { get; set; }

    /// <summary>Whether its round had its end.</summary>
    public bool IsDone { get; set; }

    public DateTimeOffset OfferedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset CancelRequestedAt { get; set; }
    public DateTimeOffset? RetryAt { get; set; }

    public bool Precedes(CheckedTask other) => Priority > other.Priority || (Priority == other.Priority && Seq < other.Seq);

    public override string ToString() => $"task {Id.ToString()[..8]} ({State}, attempt {Attempt} on {Worker ?? "nobody"}, token {Token})";
}
