namespace Broker.Cli;

/// <summary>Repeats requests while the API is away or overloaded; whoever uses it makes them safe to repeat.</summary>
/// <remarks>An API that has never answered is a wrong address rather than an outage, so that one is not repeated.</remarks>
internal sealed class Perseverance(TimeSpan retryFor, TimeProvider timeProvider)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private volatile bool _hasAnswered;

    /// <exception cref="CliException">The last failure, once <c>retryFor</c> has passed since the first.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        long? since = null;
        while (true)
        {
            try
            {
                var result = await request();
                _hasAnswered = true;
                return result;
            }
            catch (CliException exception) when (MayPass(exception))
            {
                since ??= timeProvider.GetTimestamp();
                if (timeProvider.GetElapsedTime(since.Value) >= retryFor) throw;

                var asked = (exception as ApiRefusedException)?.RetryAfter ?? TimeSpan.Zero;
                // Many clients that were turned away together must not come back together.
                var jittered = pause * (0.5 + Random.Shared.NextDouble() / 2);
                await Task.Delay(asked > jittered ? asked : jittered, timeProvider, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private bool MayPass(CliException exception)
    {
        if (exception is ApiRefusedException refused)
        {
            _hasAnswered = true;
            return refused.IsTransient;
        }
        return exception is ApiUnreachableException && _hasAnswered;
    }
}
