using Broker.Contracts;

namespace Broker.Api;

/// <summary>Many tasks at once.</summary>
internal sealed record SubmitBatchRequest
{
    /// <summary>1–1,000, each as for <c>POST /v1/tasks</c>. Read one by one, so that a bad one does not stop the others.</summary>
    public IReadOnlyList<RawJson>? Tasks { get; init; }
}

/// <summary>An answer per task, in order.</summary>
internal sealed record SubmitBatchResponse(IReadOnlyList<SubmitBatchAnswer> Items);

/// <param name="Index">From 0.</param>
/// <param name="Status">What the task alone would have been answered with.</param>
/// <param name="Id">Null if refused.</param>
/// <param name="State">Null if refused.</param>
/// <param name="Problem">Null if taken.</param>
internal sealed record SubmitBatchAnswer(int Index, int Status, Guid? Id, string? State, ProblemBody? Problem);
