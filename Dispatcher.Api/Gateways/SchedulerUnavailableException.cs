namespace Broker.Api;

/// <summary>The scheduler did not take or answer something in time. The caller may try again.</summary>
/// <param name="code"><c>not-confirmed</c>, <c>scheduler-unavailable</c> or <c>overloaded</c>.</param>
/// <param name="detail">A sentence for people.</param>
public sealed class SchedulerUnavailableException(string code, string detail, Exception? inner = null)
    : Exception(detail, inner)
{
    /// <summary>One of <see cref="Contracts.ProblemCode"/>.</summary>
    public string Code { get; } = code;
}
