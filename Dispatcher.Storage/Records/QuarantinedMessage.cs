using System.Text;

namespace Broker.Storage;

/// <summary>A message that can't be read or a value the database refuses, kept for a person to look at.</summary>
/// <param name="Source">The queue or door it came through.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Body">At most its first <see cref="BodyLimit"/> bytes.</param>
public sealed record QuarantinedMessage(DateTimeOffset At, string Source, string Reason, byte[] Body)
{
    public const int BodyLimit = 64 * 1024;

    /// <summary>In characters.</summary>
    private const int ReasonLimit = 1_000;

    /// <summary>Cuts both, and makes the reason storable: it may quote what the database refuses.</summary>
    public static QuarantinedMessage Of(DateTimeOffset at, string source, string reason, ReadOnlySpan<byte> body)
    {
        // Half a surrogate pair is a replacement character as a rune already.
        var runes = reason.EnumerateRunes().Take(ReasonLimit).Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune);
        return new(at, source, string.Concat(runes), body[..Math.Min(body.Length, BodyLimit)].ToArray());
    }
}
