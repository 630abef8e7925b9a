namespace Broker.Chaos;

/// <summary>A task as the events so far make it.</summary>
internal sealed class ReplayedTask(Guid id, RecordedTask? row)
{
    public Guid Id => id;

    /// <summary>What never changes of it is read from its row; null if it has none.</summary>
    public RecordedTask? Row => row;

    /// <summary>Empty before it was recorded.</summary>
    public string State { get; set; } = "";

    /// <summary>A worker has it: offered, and not ended.</summary>
    public bool IsLive { get; set; }

    /// <summary>Its round is over.</summary>
    public bool IsDone { get; set; }

    public bool IsCancelAsked { get; set; }

    /// <summary>Of the latest attempt; 0 before the first.</summary>
    public int Attempt { get; set; }

    public string? Worker { get; set; }
    public long Offer { get; set; }

    /// <summary>How the latest attempt ended; null while it lives.</summary>
    public string? Outcome { get; set; }

    public int Failures { get; set; }
    public int Losses { get; set; }
    public int Round { get; set; } = 1;
    public DateTimeOffset OfferedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? CancelAskedAt { get; set; }

    /// <summary>Every state a round of it ended in.</summary>
    public List<string> Ends { get; } = [];

    public override string ToString() => $"task {id} ({State}, attempt {Attempt} on {Worker ?? "nobody"})";
}
