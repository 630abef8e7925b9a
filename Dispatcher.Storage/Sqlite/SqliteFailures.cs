using Microsoft.Data.Sqlite;

namespace Broker.Storage;

/// <summary>Sorts what went wrong into what the scheduler can do about it.</summary>
/// <param name="onDamage">Told each time, so that somebody ends the process: nothing done on a damaged file is worth anything.</param>
internal sealed class SqliteFailures(string database, Action<string>? onDamage)
{
    public Exception OfStatement(SqliteException exception) => exception.SqliteErrorCode is 18 or 19 or 20 // TOOBIG, CONSTRAINT, MISMATCH
        ? new ValueRefusedException($"SQLite refused a value: {exception.Message}", exception)
        : OfCall(exception);

    public Exception OfCall(SqliteException exception) => exception.SqliteErrorCode is 11 or 26 // CORRUPT, NOTADB
        ? Damage(exception.Message)
        : new StoreUnavailableException($"The data folder can't be used now: {exception.Message}", exception);

    public StoreDamagedException Damage(string found)
    {
        var damage = new StoreDamagedException($"The database {database} is damaged: {found}");
        onDamage?.Invoke(damage.Message);
        return damage;
    }
}
