using System.Globalization;
using Broker.Contracts;
using Spectre.Console;

namespace Broker.Cli;

/// <summary>Values as people read them in a table.</summary>
internal static class Cells
{
    private const string Nothing = "-";

    /// <summary>Text from outside, harmless to a terminal.</summary>
    public static string Clean(string? text) => string.IsNullOrEmpty(text) ? Nothing
        : string.Create(text.Length, text, static (clean, source) =>
        {
            for (var i = 0; i < clean.Length; i++) clean[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
        });

    public static Text Of(string? text) => new(Clean(text));

    public static Text Of(long? number) => new(number?.ToString("N0", CultureInfo.InvariantCulture) ?? Nothing);

    public static Text Of(DateTimeOffset? at) =>
        new(at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? Nothing);

    public static Text Of(IReadOnlyDictionary<string, string>? labels) =>
        Of(labels is null ? null : string.Join(' ', labels.Select(label => $"{label.Key}={label.Value}")));

    public static Text Percent(double? share) => new(share?.ToString("P0", CultureInfo.InvariantCulture) ?? Nothing);

    /// <summary>A state or status in its colour.</summary>
    public static Text State(string? state) => new(Clean(state), new Style(ColorOf(state)));

    /// <summary>How long ago, in one unit.</summary>
    public static Text Age(DateTimeOffset? at, DateTimeOffset now) => new(AgeOf(at, now));

    public static string AgeOf(DateTimeOffset? at, DateTimeOffset now)
    {
        if (at is null) return Nothing;

        var age = now - at.Value;
        return Durations.Format(age switch
        {
            { TotalDays: >= 2 } => TimeSpan.FromDays((int)age.TotalDays),
            { TotalHours: >= 2 } => TimeSpan.FromHours((int)age.TotalHours),
            { TotalMinutes: >= 2 } => TimeSpan.FromMinutes((int)age.TotalMinutes),
            { TotalSeconds: > 0 } => TimeSpan.FromSeconds((int)age.TotalSeconds),
            _ => TimeSpan.Zero,
        });
    }

    private static Color ColorOf(string? state) => state switch
    {
        TaskState.Succeeded or Liveness.Online => Color.Green,
        TaskState.Dead or Liveness.Lost or Admission.Quarantined => Color.Red,
        TaskState.Running or TaskState.Offered => Color.Blue,
        TaskState.Canceled or Liveness.Offline => Color.Grey,
        TaskState.Retrying or TaskState.Canceling or Liveness.Suspect or Admission.Cordoned or Admission.Draining
            or Admission.Drained => Color.Yellow,
        _ => Color.Default,
    };
}
