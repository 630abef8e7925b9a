namespace Broker.Api;

/// <summary>The scheduler refused a command; nothing changed.</summary>
/// <param name="code">One of <see cref="Contracts.ProblemCode"/>.</param>
/// <param name="detail">A sentence for people.</param>
public sealed class CommandRefusedException(string code, string detail) : Exception(detail)
{
    /// <summary>One of <see cref="Contracts.ProblemCode"/>.</summary>
    public string Code { get; } = code;
}
