using System.Globalization;

namespace Broker.Storage;

/// <summary>Fences one attempt: the leadership that offered it and the number of the offer, which grows for ever.</summary>
public readonly record struct FenceToken(int Epoch, long Number)
{
    /// <summary>The opaque form on the wire.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Number}");
}
