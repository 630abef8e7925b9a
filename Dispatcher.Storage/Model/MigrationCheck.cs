using Microsoft.EntityFrameworkCore;

namespace Broker.Storage;

/// <summary>Compares the database's migrations with those of this version.</summary>
/// <remarks>The name of a migration says what it does to versions that do not know it: after <c>…_Expand</c> they run on,
/// after anything else they refuse to.</remarks>
internal static class MigrationCheck
{
    /// <summary>After the moment and the <c>_</c> with which every name begins.</summary>
    public const string Expand = "Expand";

    private const int NameStart = 15;

    /// <summary>Null if this version can run, else a sentence that says what to do.</summary>
    public static async Task<string?> RunAsync(BrokerContext context, CancellationToken cancellationToken)
    {
        var known = context.Database.GetMigrations().ToList();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (FindLater(known, applied) is { } later) return later;
        if (known.Except(applied).FirstOrDefault() is { } missing)
            return $"The database lacks the migration {missing}. Run `broker migrate`, then start again.";
        return null;
    }

    /// <exception cref="InvalidOperationException">A later version made the database, and this one can't use it.</exception>
    public static async Task RefuseLaterAsync(BrokerContext context, CancellationToken cancellationToken)
    {
        var applied = await context.Database.GetAppliedMigrationsAsync(cancellationToken);
        if (FindLater(context.Database.GetMigrations(), applied) is { } later) throw new InvalidOperationException(later);
    }

    private static string? FindLater(IEnumerable<string> known, IEnumerable<string> applied) =>
        applied.Except(known).FirstOrDefault(migration => migration.IndexOf(Expand, StringComparison.Ordinal) != NameStart) is { } later
            ? $"The database has the migration {later}, which this version of Broker does not know. "
                + "Start the version that made it, or a later one."
            : null;
}
