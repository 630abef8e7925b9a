using Broker.Contracts;

namespace Broker.Api;

/// <summary>Why a person does something.</summary>
internal sealed record ReasonRequest
{
    /// <summary>Recorded and shown; at most 1,024 characters.</summary>
    public string? Reason { get; init; }

    public string? Check()
    {
        var errors = new FieldErrors();
        errors.OptionalText(Reason, "#/reason", Limits.ReasonLength);
        errors.ThrowIfAny();
        return Reason;
    }
}
