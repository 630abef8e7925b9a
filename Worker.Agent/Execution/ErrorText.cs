using System.Text;
using Broker.Contracts;

namespace Broker.Agent;

/// <summary>Makes codes and messages of errors fit to be stored: lengths, kebab-case, no NUL, no halves of characters.</summary>
internal static class ErrorText
{
    private const string Suffix = "Exception";

    /// <summary>The exception's type in kebab-case without its suffix: <c>http-request</c> for <see cref="HttpRequestException"/>.</summary>
    public static string CodeOf(Exception exception)
    {
        var name = exception.GetType().Name.Split('`')[0];
        return Code(name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name);
    }

    /// <summary>Any text as a code: letters, digits and single dashes.</summary>
    public static string Code(string text)
    {
        var code = new StringBuilder();
        for (var i = 0; i < text.Length && code.Length < Limits.TypeLength; i++)
        {
            var c = text[i];
            var isWordStart = char.IsAsciiLetterUpper(c) && i > 0
                && (!char.IsAsciiLetterUpper(text[i - 1]) || (i + 1 < text.Length && char.IsAsciiLetterLower(text[i + 1])));
            if ((isWordStart || !char.IsAsciiLetterOrDigit(c)) && code.Length > 0 && code[^1] != '-') code.Append('-');
            if (char.IsAsciiLetterOrDigit(c) && code.Length < Limits.TypeLength) code.Append(char.ToLowerInvariant(c));
        }
        var trimmed = code.ToString().TrimEnd('-');
        return trimmed.Length > 0 ? trimmed : "error";
    }

    /// <summary>Cut at 16 KiB of UTF-8.</summary>
    public static string Message(string text) => Clean(text, Limits.ErrorBytes);

    /// <summary>A line for people, cut at the bytes given.</summary>
    public static string Clean(string text, int bytesLimit)
    {
        var bytes = 0;
        var clean = new StringBuilder(Math.Min(text.Length, bytesLimit));
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > bytesLimit) break;

            clean.Append((rune.Value == 0 ? Rune.ReplacementChar : rune).ToString());
        }
        return clean.ToString();
    }
}
