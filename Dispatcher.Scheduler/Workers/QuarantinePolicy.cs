namespace Broker.Scheduler;

/// <summary>Whether a worker fails so much more than others that it is the worker and not the tasks.</summary>
/// <remarks>Pure. Three things at once: it fails at least every second task, three times as many as others fail of the same
/// kind in the same time, and luck does not explain it: with a common rate such counts would have a probability of about e^−G,
/// where G is the likelihood-ratio statistic of the two shares (Wilks 1938), and that must be below a millionth. As
/// <see cref="FailureStreak"/> asks twice, a fleet that does thousands of tasks a second may ask for years.</remarks>
internal static class QuarantinePolicy
{
    /// <summary>Different tasks it must have failed.</summary>
    public const int FailuresAtLeast = 5;

    /// <summary>Others may fail a third of it at most.</summary>
    private const double TimesWorse = 3;

    private static readonly double Surprise = -Math.Log(1e-6);

    /// <param name="failures">Of the worker's last attempts those that failed, each of another task.</param>
    /// <param name="attempts">The worker's last attempts that succeeded or failed.</param>
    /// <param name="othersFailures">Of other workers' last attempts those that failed.</param>
    /// <param name="othersAttempts">Their last attempts that succeeded or failed.</param>
    public static bool IsWorse(int failures, int attempts, int othersFailures, int othersAttempts)
    {
        if (failures < FailuresAtLeast || 2 * failures < attempts || othersAttempts == 0) return false;

        var share = (double)failures / attempts;
        var others = (double)othersFailures / othersAttempts;
        var common = (double)(failures + othersFailures) / (attempts + othersAttempts);
        return share >= TimesWorse * others
            && attempts * Divergence(share, common) + othersAttempts * Divergence(others, common) >= Surprise;
    }

    /// <summary>How many of a pool's workers may be quarantined at once: a fifth, and one in a small pool.</summary>
    public static int LimitOf(int workers) => Math.Max(1, workers / 5);

    /// <summary>Kullback–Leibler divergence of two shares; the second is 1 only if the first is.</summary>
    private static double Divergence(double share, double common) =>
        (share > 0 ? share * Math.Log(share / common) : 0) + (share < 1 ? (1 - share) * Math.Log((1 - share) / (1 - common)) : 0);
}
