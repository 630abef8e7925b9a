using System.Globalization;
using System.Runtime.CompilerServices;
using Broker.Contracts;

namespace Broker.Api;

/// <summary>Collects what is wrong with a request, so that its sender learns everything at once.</summary>
internal sealed class FieldErrors
{
    /// <summary>Enough to mend a request; a hostile one has a fault for each of its bytes.</summary>
    private const int CountLimit = 100;

    private readonly List<FieldError> errors = [];
    private bool tooLarge;

    /// <summary>Null if nothing is wrong.</summary>
    public Problem? ToProblem() => errors.Count == 0 ? null : new Problem(
        tooLarge ? ProblemCode.PayloadTooLarge : ProblemCode.ValidationFailed,
        string.Join(" ", errors.Take(3).Select(error => $"{error.Pointer ?? error.Parameter}: {error.Detail}")), errors);

    public void ThrowIfAny()
    {
        if (ToProblem() is { } problem) throw problem.AsException();
    }

    public void Add(string pointer, string detail) => Add(new FieldError(FieldError.Cut(pointer), detail));

    public void AddParameter(string name, string detail) => Add(new FieldError(null, detail, name));

    /// <summary>The header of that name; null if it was not sent.</summary>
    public void IdempotencyKey(string? key)
    {
        if (key is { Length: 0 or > Limits.KeyLength })
            AddParameter("Idempotency-Key", Invariant($"Must have 1–{Limits.KeyLength} characters."));
    }

    /// <summary>Text that must be there.</summary>
    public string Text(string? value, string pointer, int limit)
    {
        if (string.IsNullOrEmpty(value)) Add(pointer, "Is needed.");
        else OptionalText(value, pointer, limit);
        return value ?? "";
    }

    public string? OptionalText(string? value, string pointer, int limit)
    {
        if (value is null) return null;
        if (value.Length > limit) Add(pointer, Invariant($"May have {limit} characters."));
        if (RefuseText(value) is { } reason) Add(pointer, reason);
        return value;
    }

    public string Name(string? value, string pointer)
    {
        if (!Names.IsValid(value)) Add(pointer, "Must match [a-z0-9][a-z0-9_-]{0,62}.");
        return value ?? "";
    }

    public int Range(int value, string pointer, int lowest, int highest)
    {
        if (value < lowest || value > highest) Add(pointer, Invariant($"Must lie in {lowest}–{highest}."));
        return value;
    }

    public string OneOf(string value, string pointer, params string[] choices)
    {
        if (!choices.Contains(value)) Add(pointer, $"Must be one of {string.Join(", ", choices)}.");
        return value;
    }

    public TimeSpan? Duration(string? value, string pointer, TimeSpan shortest, TimeSpan longest)
    {
        if (value is null) return null;
        if (!Durations.TryParse(value, out var length)) Add(pointer, "Must be a length of time such as 250ms, 10s, 5m or PT10S.");
        else if (length < shortest || length > longest)
            Add(pointer, $"Must lie in {Durations.Format(shortest)}–{Durations.Format(longest)}.");
        return length;
    }

    public IReadOnlyDictionary<string, string>? Labels(Dictionary<string, string>? labels, string pointer)
    {
        if (labels is null or { Count: 0 }) return null;
        if (labels.Count > Limits.LabelCount) Add(pointer, Invariant($"May have {Limits.LabelCount} pairs."));
        foreach (var (key, value) in labels)
        {
            var at = $"{pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            Text(key, at, Limits.LabelLength);
            if (value is null) Add(at, "Is needed.");
            else OptionalText(value, at, Limits.LabelLength);
        }
        return labels;
    }

    /// <summary>JSON that is carried untouched.</summary>
    public RawJson Json(RawJson? value, string pointer)
    {
        var json = value.GetValueOrDefault();
        if (json.Utf8.Length > Limits.PayloadBytes)
        {
            tooLarge = true;
            Add(pointer, Invariant($"May have {Limits.PayloadBytes} bytes; it has {json.Utf8.Length}."));
        }
        else if (!json.IsEmpty && JsonText.Refuse(json.Utf8.Span) is { } reason) Add(pointer, reason);
        return json;
    }

    private void Add(FieldError error)
    {
        if (errors.Count < CountLimit) errors.Add(error);
    }

    /// <summary>The databases refuse NUL; lone surrogates have no UTF-8.</summary>
    private static string? RefuseText(string value)
    {
        if (value.Contains('\0')) return "Contains the character NUL.";

        for (var i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i])) continue;
            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1])) return "Contains half of a surrogate pair.";

            i++;
        }
        return null;
    }

    private static string Invariant(DefaultInterpolatedStringHandler text) =>
        string.Create(CultureInfo.InvariantCulture, ref text);
}
