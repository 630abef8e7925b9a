namespace Broker.Storage;

/// <summary>The database's schema. Only <c>broker migrate</c> and <c>broker dev</c> apply it; services refuse a wrong one.</summary>
public interface ISchema
{
    /// <summary>Brings an empty or older database to this version. Safe to run twice and at once.</summary>
    /// <exception cref="InvalidOperationException">A later version made the database, and this one can't use it; or its tables are locked.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Null if the schema is this version's, else a sentence that says what is wrong and what to do.</summary>
    Task<string?> CheckAsync(CancellationToken cancellationToken);
}
