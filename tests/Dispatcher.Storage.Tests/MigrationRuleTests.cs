using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Broker.Storage.Tests;

/// <summary>Every migration after the first either expands the schema, so that the version before runs on, or says that it does not.</summary>
public sealed partial class MigrationRuleTests
{
    [Fact]
    public void A_migration_on_PostgreSQL_keeps_the_rule() =>
        AssertKept(new PostgresContext(new DbContextOptionsBuilder<PostgresContext>().UseNpgsql("Host=nowhere").Options));

    [Fact]
    public void A_migration_on_SQLite_keeps_the_rule() =>
        AssertKept(new SqliteContext(new DbContextOptionsBuilder<SqliteContext>().UseSqlite("Data Source=nowhere").Options));

    [Theory]
    [InlineData("20270101000000_ExpandTasks", "ALTER TABLE tasks ADD COLUMN note text", true)]
    [InlineData("20270101000000_ExpandTasks", "ALTER TABLE tasks ADD COLUMN note text NOT NULL DEFAULT ''", true)]
    [InlineData("20270101000000_ExpandTasks", "CREATE TABLE notes (id uuid PRIMARY KEY, note text NOT NULL)", true)]
    [InlineData("20270101000000_ExpandTasks", "ALTER TABLE tasks ADD COLUMN note text NOT NULL", false)]
    [InlineData("20270101000000_ExpandTasks", "ALTER TABLE tasks DROP COLUMN note", false)]
    [InlineData("20270101000000_ExpandTasks", "ALTER TABLE tasks RENAME COLUMN type TO kind", false)]
    [InlineData("20270101000000_ExpandTasks", "ALTER TABLE tasks ALTER note SET NOT NULL", false)]
    [InlineData("20270101000000_ExpandTasks", "ALTER TABLE tasks ALTER COLUMN cost TYPE bigint", false)]
    [InlineData("20270101000000_ExpandTasks", "ALTER TABLE tasks ADD CONSTRAINT short CHECK (length(note) < 9)", false)]
    [InlineData("20270101000000_ExpandTasks", "CREATE UNIQUE INDEX one_note ON tasks (note)", false)]
    [InlineData("20270101000000_ContractTasks", "ALTER TABLE tasks DROP COLUMN note", true)]
    [InlineData("20270101000000_DropNote", "ALTER TABLE tasks DROP COLUMN note", false)]
    public void The_rule_tells_an_expansion_from_what_the_version_before_cannot_bear(string migration, string sql, bool isKept) =>
        Assert.Equal(isKept, Keeps(migration, sql));

    private static void AssertKept(BrokerContext context)
    {
        using var closing = context;
        var migrations = context.Database.GetMigrations().ToList();
        var migrator = context.GetService<IMigrator>();

        Assert.NotEmpty(migrations);
        Assert.Equal([], migrations.Zip(migrations.Skip(1))
            .Where(pair => !Keeps(pair.Second, migrator.GenerateScript(pair.First, pair.Second))).Select(pair => pair.Second));
    }

    private static bool Keeps(string migration, string sql) =>
        ContractName().IsMatch(migration) || (ExpandName().IsMatch(migration) && !Breaking().IsMatch(sql));

    [GeneratedRegex($@"^\d{{14}}_{MigrationCheck.Expand}[A-Z]")]
    private static partial Regex ExpandName();

    [GeneratedRegex(@"^\d{14}_Contract[A-Z]")]
    private static partial Regex ContractName();

    [GeneratedRegex(@"\b(DROP|RENAME|SET\s+NOT\s+NULL|COLUMN\s+\w+\s+TYPE|ADD\s+CONSTRAINT|UNIQUE\s+INDEX)\b|\bADD\b[^;,]*\bNOT\s+NULL\b(?![^;,]*\bDEFAULT\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Breaking();
}
