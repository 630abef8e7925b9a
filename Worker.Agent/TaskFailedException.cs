namespace Broker.Agent;

/// <summary>Thrown by a handler to say how an attempt failed.</summary>
/// <param name="code">For programs: kebab-case, at most 128 characters. Other text is made to fit.</param>
/// <param name="message">For people; cut at 16 KiB.</param>
/// <param name="retryable">False to give the task up at once.</param>
/// <param name="retryAfter">Earliest time of the next attempt from now; null for the usual back-off.</param>
public sealed class TaskFailedException(
    string code, string message, bool retryable = true, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    public string Code => code;
    public bool Retryable => retryable;
    public TimeSpan? RetryAfter => retryAfter;
}
