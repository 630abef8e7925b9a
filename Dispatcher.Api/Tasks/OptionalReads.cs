using Broker.Storage;

namespace Broker.Api;

/// <summary>What a submission asks the database and can do without: a slow or absent one must not stop it.</summary>
internal sealed class OptionalReads(IBrokerReads reads, TimeProvider timeProvider)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary><c>IsKnown</c> is false if the database did not answer in time.</summary>
    public async Task<(bool IsKnown, T? Value)> TryAsync<T>(
        Func<IBrokerReads, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return (true, await read(reads, either.Token));
        }
        catch (StoreUnavailableException)
        {
            return (false, default);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, default);
        }
    }
}
