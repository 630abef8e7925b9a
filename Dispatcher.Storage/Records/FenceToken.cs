using System.Globalization;

namespace Broker.Storage;

/// <summary>Fences one attempt: the leadership that offered it and the number of the offer, which grows for ever.</summary>
public readonly record struct FenceToken(int Epoch, long Number)
{
    /// <summary>The opaque form on the wire.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Number}");

    /// <summary>Reads the form on the wire; false for anything we did not write.</summary>
    public static bool TryParse(string? text, out FenceToken token)
    {
        token = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 1
            || !int.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;

        token = new FenceToken(epoch, number);
        return true;
    }
}
