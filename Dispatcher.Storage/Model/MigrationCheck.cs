using Microsoft.EntityFrameworkCore;

namespace Broker.Storage;

/// <summary>Compares the database's migrations with those of this version.</summary>
internal static class MigrationCheck
{
    /// <summary>Null if they are the same, else a sentence that says what to do.</summary>
    public static async Task<string?> RunAsync(BrokerContext context, CancellationToken cancellationToken)
    {
        var known = context.Database.GetMigrations().ToList();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Except(known).FirstOrDefault() is { } newer)
            return $"The database has the migration {newer}, which this version of Broker does not know. "
                + "Start the version that made it, or a later one.";
        if (known.Except(applied).FirstOrDefault() is { } missing)
            return $"The database lacks the migration {missing}. Run `broker migrate`, then start again.";
        return null;
    }
}
