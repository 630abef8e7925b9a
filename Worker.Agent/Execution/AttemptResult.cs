using Broker.Contracts;

namespace Broker.Agent;

/// <summary>What a handler left behind: a result, or an error.</summary>
/// <param name="Error">Null if it succeeded.</param>
internal sealed record AttemptResult(
    RawJson Result = default, TaskError? Error = null, bool Retryable = true, TimeSpan? RetryAfter = null);
