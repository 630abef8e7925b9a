using Microsoft.Data.Sqlite;

namespace Broker.Storage;

/// <summary>Sorts what went wrong into what the scheduler can do about it.</summary>
internal static class SqliteFailures
{
    // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH
    public static Exception OfStatement(SqliteException exception) => exception.SqliteErrorCode is 18 or 19 or 20
        ? new ValueRefusedException($"SQLite refused a value: {exception.Message}", exception)
        : Unavailable(exception);

    public static Exception Unavailable(SqliteException exception) =>
        new StoreUnavailableException($"The data folder can't be used now: {exception.Message}", exception);

    public static T Guard<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (SqliteException exception)
        {
            throw Unavailable(exception);
        }
    }
}
