using System.Text;
using Broker.Contracts;

namespace Broker.Api;

/// <summary>The rules of workers' reports over HTTP. Pure.</summary>
internal static class AttemptRules
{
    private const int TokenLength = 128;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(7);

    public static Report Started(Guid task, int attempt, StartAttemptRequest request) => Check(task, attempt, request, out _);

    public static Report Progress(Guid task, int attempt, ProgressAttemptRequest request)
    {
        var report = Check(task, attempt, request, out var errors);
        if (request.Percent is < 0 or > 100) errors.Add("#/percent", "Must lie in 0–100.");
        errors.OptionalText(request.Message, "#/message", Limits.ReasonLength);
        errors.ThrowIfAny();
        return report with { Percent = request.Percent, Message = request.Message };
    }

    public static Report Succeeded(Guid task, int attempt, SucceedAttemptRequest request)
    {
        var report = Check(task, attempt, request, out var errors);
        CheckRunTime(request.RanMs, errors);
        var result = IsTooLarge(request) ? default : errors.Json(request.Result, "#/result");
        errors.ThrowIfAny();
        return report with { Result = result, RanMs = request.RanMs };
    }

    /// <summary>A result beyond the limit ends the attempt as failed, whatever the worker says.</summary>
    public static bool IsTooLarge(SucceedAttemptRequest request) =>
        request.Result.GetValueOrDefault().Utf8.Length > Limits.PayloadBytes;

    public static Report Failed(Guid task, int attempt, FailAttemptRequest request)
    {
        var report = Check(task, attempt, request, out var errors);
        var code = errors.Text(request.Error?.Code, "#/error/code", 128);
        var message = errors.OptionalText(request.Error?.Message, "#/error/message", int.MaxValue);
        errors.Duration(request.RetryAfter, "#/retryAfter", TimeSpan.Zero, LongestRetryAfter);
        CheckRunTime(request.RanMs, errors);
        errors.ThrowIfAny();
        return report with
        {
            Error = new TaskError(code, Cut(message ?? "")),
            Retryable = request.Retryable,
            RetryAfter = request.RetryAfter,
            RanMs = request.RanMs,
        };
    }

    public static Report Released(Guid task, int attempt, ReleaseAttemptRequest request)
    {
        var report = Check(task, attempt, request, out var errors);
        errors.OptionalText(request.Reason, "#/reason", Limits.ReasonLength);
        errors.ThrowIfAny();
        return report with { Error = request.Reason is null ? null : new TaskError("released", request.Reason) };
    }

    private static Report Check(Guid task, int attempt, AttemptRequest request, out FieldErrors errors)
    {
        errors = new FieldErrors();
        if (attempt < 1) errors.AddParameter("attempt", "Attempts are counted from 1.");
        var token = errors.Text(request.Token, "#/token", TokenLength);
        errors.ThrowIfAny();
        return new Report { Task = task, Attempt = attempt, Token = token };
    }

    private static void CheckRunTime(long? milliseconds, FieldErrors errors)
    {
        if (milliseconds < 0) errors.Add("#/ranMs", "Must not be negative.");
    }

    /// <summary>At most 16 KiB of UTF-8, never half a character.</summary>
    private static string Cut(string message)
    {
        if (Encoding.UTF8.GetByteCount(message) <= Limits.ErrorBytes) return message;

        Encoding.UTF8.GetEncoder().Convert(
            message, new byte[Limits.ErrorBytes], flush: false, out var charsUsed, out _, out _);
        return message[..charsUsed];
    }
}
