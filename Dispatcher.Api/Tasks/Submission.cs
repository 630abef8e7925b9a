using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api;

/// <summary>What became of one submitted task.</summary>
internal abstract record Submission
{
    private Submission()
    {
    }

    /// <summary>It is safe.</summary>
    internal sealed record Accepted(SubmittedTask Task, DateTimeOffset At) : Submission;

    /// <summary>Its key was used for the same before.</summary>
    internal sealed record Replayed(TaskView Task) : Submission;

    /// <summary>Nothing changed, or with <c>not-confirmed</c>: it is not known to be safe.</summary>
    internal sealed record Refused(Problem Problem) : Submission;
}
