using System.Collections.Immutable;

namespace Broker.Simulation;

/// <summary>What makes a run what it is; equal options give equal runs.</summary>
internal sealed record RunOptions(int Seed)
{
    /// <summary>Where the leader dies again and again; null for a mixture of everything.</summary>
    public CrashPoint? Point { get; init; }

    /// <summary>1–200; null: by the seed.</summary>
    public int? Workers { get; init; }

    /// <summary>How many are handed in, 1 or more; null: by the seed.</summary>
    public int? Tasks { get; init; }

    /// <summary>Share of the AMQP workers that are real agents, 0–1; null: by the seed.</summary>
    public double? Agents { get; init; }

    public PlantedBug? Planted { get; init; }

    /// <summary>Numbers of scheduled faults that are left out, to find those a failure needs.</summary>
    public ImmutableSortedSet<int> Without { get; init; } = [];

    /// <summary>Kinds of trouble that are left out.</summary>
    public Trouble Spared { get; init; }

    /// <summary>The command that shows the run again.</summary>
    public override string ToString() => FormattableString.Invariant($"scripts/simulate --seed {Seed}")
        + (Point is null ? "" : $" --crash {Point}")
        + (Workers is null ? "" : $" --workers {Workers}")
        + (Tasks is null ? "" : $" --tasks {Tasks}")
        + (Agents is null ? "" : FormattableString.Invariant($" --agents {Agents}"))
        + (Planted is null ? "" : $" --planted {Planted}")
        + (Spared == Trouble.None ? "" : $" --spare {Spared.ToString().Replace(" ", "", StringComparison.Ordinal)}")
        + (Without.IsEmpty ? "" : $" --without {string.Join(',', Without)}");
}
