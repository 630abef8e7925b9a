using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>What follows a failed attempt: another one after a while, or the end.</summary>
/// <remarks>Pure. Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter"): any moment between
/// now and base × 2^(failures−1), at most the cap. The jitter is a hash of task and attempt, as a turn has no randomness.</remarks>
internal static class RetryPolicy
{
    /// <summary>Losses after which a task is taken to be what kills its workers.</summary>
    public const int LossLimit = 3;

    /// <summary>The wait before the next attempt, or null to give up.</summary>
    /// <param name="failures">Attempts that failed in this round, this one included.</param>
    /// <param name="retryAfter">What the worker asked for; it replaces the back-off.</param>
    public static TimeSpan? NextAttempt(
        Guid task, int attempt, int failures, int maxAttempts, bool retryable, TimeSpan? retryAfter, RetrySettings settings)
    {
        if (!retryable || failures >= maxAttempts) return null;
        if (retryAfter is { } asked) return asked < Limits.LongestTimeout ? asked : Limits.LongestTimeout;

        var doublings = Math.Min(failures - 1, 30);
        var ceiling = Math.Min(settings.Base.TotalMilliseconds * (1L << doublings), settings.Cap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Floor(ceiling * Jitter(task, attempt)));
    }

    /// <summary>Evenly spread over 0–1, the same for the same attempt.</summary>
    private static double Jitter(Guid task, int attempt)
    {
        Span<byte> bytes = stackalloc byte[16];
        task.TryWriteBytes(bytes);
        var hash = BitConverter.ToUInt64(bytes) ^ BitConverter.ToUInt64(bytes[8..]) ^ ((ulong)attempt * 0x9E3779B97F4A7C15);

        // The finalizer of SplitMix64 (Steele, Lea, Flood 2014) spreads the bits.
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return ((hash ^ (hash >> 31)) >> 11) / (double)(1UL << 53);
    }
}
