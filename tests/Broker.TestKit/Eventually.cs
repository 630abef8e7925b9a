using System.Diagnostics;

namespace Broker.TestKit;

/// <summary>Waits on a condition with a deadline, and says what was seen when it does not come.</summary>
public static class Eventually
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    /// <summary>Asks until the answer satisfies; notices within a twentieth of the time it took, or 25 ms.</summary>
    public static async Task<T> Async<T>(Func<Task<T>> ask, Func<T, bool> satisfies, string what, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        var seen = default(T);
        Exception? failure = null;
        while (watch.Elapsed < (limit ?? DefaultLimit))
        {
            try
            {
                seen = await ask();
                failure = null;
                if (satisfies(seen)) return seen;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                failure = exception;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(watch.Elapsed.TotalMilliseconds / 20, 25, 250)), TimeProvider.System);
        }
        throw new TimeoutException($"Within {limit ?? DefaultLimit} not: {what}. Last seen: {failure?.Message ?? seen?.ToString() ?? "nothing"}");
    }
}
