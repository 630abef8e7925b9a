using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Broker.Scheduler;

/// <summary>Opens connections, again and again until one stands, and as long as somebody uses them.</summary>
internal sealed partial class RabbitConnections(Uri address, TimeProvider time, ILogger<RabbitConnections> logger)
{
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    /// <summary>Short, so that what a leader held is handled soon after its host is gone or stands still: RabbitMQ gives a connection up
    /// 2 to 3 heartbeats after its last byte. A pause of that length has cost the lead before.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(4);

    public Uri Address => address;

    /// <summary>Hands out one connection after the other until the token is canceled, each with a token that ends with it.
    /// It is dropped when its use ends or fails.</summary>
    /// <param name="purpose">Shown in the management UI and the log.</param>
    public async Task KeepAsync(
        string purpose, Func<IConnection, CancellationToken, Task> useAsync, CancellationToken cancellationToken)
    {
        var told = "";
        while (!cancellationToken.IsCancellationRequested)
        {
            IConnection? connection = null;
            using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                connection = await OpenAsync(purpose, cancellationToken);
                connection.ConnectionShutdownAsync += (_, _) => closed.CancelAsync();
                if (connection.IsOpen) await useAsync(connection, closed.Token);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                var reason = connection?.CloseReason?.ReplyText ?? exception.Message;
                // A lasting refusal, as of missing permissions, would fill the log.
                if (reason != told) Log.Broken(logger, purpose, reason, exception);
                told = reason;
                await Task.Delay(RetryEvery, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                if (connection is not null) await connection.AbortAsync(CancellationToken.None);
            }
        }
    }

    /// <param name="purpose">Shown in the management UI.</param>
    public async Task<IConnection> OpenAsync(string purpose, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = address,
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = OpenTimeout,
            ClientProvidedName = $"broker-scheduler {purpose}",
        };
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await factory.CreateConnectionAsync(cancellationToken).WaitAsync(OpenTimeout, time, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (failures == 0) Log.NotConnected(logger, purpose, exception.Message);
                await Task.Delay(RetryEvery, time, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "No connection to RabbitMQ for {Purpose}; trying on. {Reason}")]
        public static partial void NotConnected(ILogger logger, string purpose, string reason);

        [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "The connection to RabbitMQ for {Purpose} broke off; connecting anew. {Reason}")]
        public static partial void Broken(ILogger logger, string purpose, string reason, Exception exception);
    }
}
