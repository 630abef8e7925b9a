namespace Broker.Contracts;

/// <summary>Scheduler to worker: how to behave from now on.</summary>
public sealed record SettingsMessage
{
    public int V { get; init; } = 1;
    public string Kind { get; init; } = WireKind.Settings;

    /// <summary>Time between beats, as <c>10s</c>; it stretches with the fleet. Null: unchanged.</summary>
    public string? BeatInterval { get; init; }

    /// <summary>Time over which to spread the first try to reconnect, as <c>4s</c>; it stretches with the fleet. Null: unchanged.</summary>
    public string? ReconnectSpread { get; init; }

    /// <summary>The session that is no longer known; a worker that still has it registers again. Null: stay.</summary>
    public string? RegisterAgain { get; init; }

    /// <summary>The session that a newer one of the same id took over from, and which works; a worker that still has it ends. Null: stay.</summary>
    public string? Replaced { get; init; }

    /// <summary>Ask for an inventory now.</summary>
    public bool SendInventory { get; init; }
}
