using System.Net.Sockets;
using Npgsql;

namespace Broker.Storage;

/// <summary>Sorts what went wrong into what the scheduler can do about it.</summary>
internal static class PostgresFailures
{
    public const string StaleEpoch = "BR001";
    public const string RowsDiffer = "BR002";

    /// <summary>Whether the database or the way to it failed, rather than our own code or the caller's patience.</summary>
    public static bool IsOutage(Exception exception, CancellationToken callers) => exception switch
    {
        OperationCanceledException => !callers.IsCancellationRequested,
        // A statement that is wrong stays wrong: fail loudly.
        PostgresException { SqlState: ['4', '2', ..] } => false,
        NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>Of a statement that wrote nothing, or of a connection that did not open.</summary>
    public static Exception Unavailable(Exception exception) =>
        new StoreUnavailableException($"PostgreSQL can't be used now: {exception.Message}", exception);

    /// <summary>Of a turn that was sent.</summary>
    /// <remarks>An ERROR means that the server rolled back and said so. Anything else, a FATAL included, leaves it open.</remarks>
    public static Exception OfCommit(Exception exception)
    {
        if (Answer(exception) is not { InvariantSeverity: "ERROR" } answer)
            return new CommitUnknownException($"PostgreSQL did not answer a commit: {exception.Message}", exception);

        return answer.SqlState switch
        {
            StaleEpoch or RowsDiffer => new StaleEpochException(answer.MessageText),
            // Data exceptions, broken constraints, sizes beyond the server's limits.
            ['2', '2' or '3', ..] or ['5', '4', ..] =>
                new ValueRefusedException($"PostgreSQL refused a value: {answer.Message}", answer),
            _ => Unavailable(answer),
        };
    }

    /// <summary>A canceled statement carries the server's answer inside.</summary>
    private static PostgresException? Answer(Exception exception) =>
        exception as PostgresException ?? exception.InnerException as PostgresException;
}
