using System.Globalization;
using System.Xml;

namespace Broker.Contracts;

/// <summary>Lengths of time as people write them: <c>250ms 10s 5m 2h 7d</c>, or ISO 8601 (<c>PT10S</c>) on the way in.</summary>
public static class Durations
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a length; false for anything that is not one, negative ones included.</summary>
    public static bool TryParse(string? text, out TimeSpan length)
    {
        length = default;
        if (string.IsNullOrEmpty(text) || text.Length > 32) return false;
        if (text[0] is 'P' or 'p') return TryParseIso(text, out length);

        var digits = text.AsSpan().TrimEnd("dhms");
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;

        foreach (var (unit, ticks) in Units)
        {
            if (!text.AsSpan(digits.Length).SequenceEqual(unit)) continue;
            if (number > TimeSpan.MaxValue.Ticks / ticks) return false;

            length = TimeSpan.FromTicks((long)(number * ticks));
            return true;
        }
        return false;
    }

    /// <summary>Writes a length in the largest unit that keeps it whole: 90 s is <c>90s</c>, 2 h is <c>2h</c>.</summary>
    public static string Format(TimeSpan length)
    {
        foreach (var (unit, ticks) in Units)
            if (length.Ticks % ticks == 0 && (length.Ticks != 0 || unit == "s"))
                return string.Create(CultureInfo.InvariantCulture, $"{length.Ticks / ticks}{unit}");
        return string.Create(CultureInfo.InvariantCulture, $"{length.Ticks / TimeSpan.TicksPerMillisecond}ms");
    }

    private static bool TryParseIso(string text, out TimeSpan length)
    {
        try
        {
            length = XmlConvert.ToTimeSpan(text.ToUpperInvariant());
            return length >= TimeSpan.Zero;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            length = default;
            return false;
        }
    }
}
