using System.Globalization;

namespace Broker.Cli;

/// <summary>How a bulk submission ended; also what <c>-o json</c> prints.</summary>
internal sealed record SubmitSummary
{
    public required long Submitted { get; init; }
    public required long Refused { get; init; }
    public required long Unconfirmed { get; init; }

    /// <summary>Null without <c>--wait</c>, as the next ones.</summary>
    public long? Succeeded { get; init; }

    public long? Dead { get; init; }
    public long? Canceled { get; init; }

    /// <summary>Submitted and not known to have finished.</summary>
    public long? Unfinished { get; init; }

    public required double Seconds { get; init; }

    public static SubmitSummary Of(SubmitTally tally, bool waits, TimeSpan elapsed) => new()
    {
        Submitted = tally.Submitted,
        Refused = tally.Refused,
        Unconfirmed = tally.Unconfirmed,
        Succeeded = waits ? tally.Succeeded : null,
        Dead = waits ? tally.Dead : null,
        Canceled = waits ? tally.Canceled : null,
        Unfinished = waits ? tally.Submitted - tally.Finished : null,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
    };

    public override string ToString()
    {
        (long? Count, string Name)[] parts =
        [
            (Succeeded, "succeeded"), (Dead, "dead"), (Canceled, "canceled"), (Unfinished, "not finished"),
            (Refused, "refused"), (Unconfirmed, "not confirmed (each was taken once or not at all)"),
        ];
        var text = string.Create(CultureInfo.InvariantCulture, $"{Submitted:N0} submitted");
        foreach (var (count, name) in parts)
            if (count > 0) text += string.Create(CultureInfo.InvariantCulture, $", {count:N0} {name}");

        var rate = (Succeeded is null ? Submitted : Submitted - Unfinished!.Value) / Math.Max(Seconds, 0.001);
        return text + string.Create(CultureInfo.InvariantCulture, $" in {Seconds:N1} s ({rate:N0}/s).");
    }
}
