using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Broker.Contracts;

namespace Broker.Api;

/// <summary>What JSON that is carried untouched must keep to, so that every reader behind us can read it.</summary>
internal static class JsonText
{
    /// <summary>Null if the value may be carried, else a sentence that says why not. Its size is not looked at.</summary>
    public static string? Refuse(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return "Contains bytes that are not UTF-8.";
        if (DepthOf(json) > Limits.PayloadDepth) return $"May be nested {Limits.PayloadDepth} levels deep.";
        return RefuseEscapes(json);
    }

    private static int DepthOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ApiJson.MaxDepth });
        var deepest = 0;
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                deepest = Math.Max(deepest, reader.CurrentDepth + 1);
        return deepest;
    }

    /// <summary>In valid JSON NUL and lone surrogates can only stand as <c>\u</c> escapes.</summary>
    private static string? RefuseEscapes(ReadOnlySpan<byte> json)
    {
        for (var i = json.IndexOf((byte)'\\'); i >= 0 && i < json.Length; i++)
        {
            if (json[i] != '\\') continue;

            i++;
            if (json[i] != 'u') continue;

            var unit = UnitAt(json, i + 1);
            i += 4;
            if (unit == 0) return "Contains the character NUL.";
            if (!char.IsSurrogate(unit)) continue;
            if (char.IsLowSurrogate(unit) || i + 6 >= json.Length || json[i + 1] != '\\' || json[i + 2] != 'u'
                || !char.IsLowSurrogate(UnitAt(json, i + 3)))
                return "Contains half of a surrogate pair.";

            i += 6;
        }
        return null;
    }

    private static char UnitAt(ReadOnlySpan<byte> json, int start) =>
        (char)ushort.Parse(json.Slice(start, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
