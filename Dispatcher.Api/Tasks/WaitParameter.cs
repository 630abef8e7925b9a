using Broker.Contracts;

namespace Broker.Api;

/// <summary>The query parameter <c>wait</c>.</summary>
internal static class WaitParameter
{
    /// <summary>Null for none.</summary>
    /// <exception cref="ProblemException">It is no length of time, or too long.</exception>
    public static TimeSpan? Read(string? text)
    {
        if (text is null) return null;
        if (!Durations.TryParse(text, out var wait)) throw BadRequests.Unreadable("wait").AsException();
        if (wait > Limits.LongestWait)
            throw new Problem(ProblemCode.ValidationFailed, $"wait: May be {Durations.Format(Limits.LongestWait)} long.",
                [new FieldError(null, $"May be {Durations.Format(Limits.LongestWait)} long.", "wait")]).AsException();
        return wait;
    }
}
