namespace Broker.Chaos;

/// <summary>A task's row after the drain, active or finished.</summary>
internal sealed record RecordedTask
{
    public required Guid Id { get; init; }
    public required string State { get; init; }
    public required string Pool { get; init; }
    public required string Type { get; init; }
    public int Priority { get; init; }

    /// <summary>Order of arrival.</summary>
    public long Seq { get; init; }

    public int Cost { get; init; } = 1;

    /// <summary>Labels a worker must have; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Requires { get; init; }

    public int MaxAttempts { get; init; }

    /// <summary>Seconds an attempt may run; null if not exported, then no time-out is judged.</summary>
    public double? Timeout { get; init; }

    public int Attempt { get; init; }
    public int Failures { get; init; }
    public int Losses { get; init; }
    public int Round { get; init; } = 1;
    public string? Worker { get; init; }

    /// <summary>Of the latest attempt, <c>epoch-number</c>; null before the first or if not exported.</summary>
    public string? Token { get; init; }

    /// <summary>JSON text; null for none.</summary>
    public string? Result { get; init; }
}

/// <summary>A worker's row after the drain. Slots, role, pool, types and labels must have been the same all the time.</summary>
internal sealed record RecordedWorker
{
    public required string Id { get; init; }
    public required string Pool { get; init; }
    public required int Slots { get; init; }
    public string Role { get; init; } = "active";

    /// <summary><c>amqp</c> or <c>http</c>; the reports of the latter are no sign of life, its beats are.</summary>
    public string Transport { get; init; } = "amqp";

    /// <summary>Null for everything.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>A queue after the drain; <see cref="Quarantine"/> stands for the table of that name.</summary>
internal sealed record RecordedQueue(string Name, long Messages, int Consumers = 0)
{
    public const string Quarantine = "quarantine";
}
