using Npgsql;

namespace Broker.TestKit;

/// <summary>A schema of its own for one test class, dropped at its end.</summary>
public sealed class PostgresSchema : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private PostgresSchema(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { SearchPath = name }.ConnectionString;
    }

    /// <summary>Points at the schema; Npgsql keywords.</summary>
    public string ConnectionString { get; }

    public static async Task<PostgresSchema> CreateAsync()
    {
        var server = Environment.GetEnvironmentVariable("BROKER_TEST_POSTGRES");
        if (string.IsNullOrEmpty(server))
            throw new InvalidOperationException(
                "BROKER_TEST_POSTGRES is not set; start it with scripts/services start --postgres, then eval \"$(scripts/services env)\".");

        var schema = new PostgresSchema(server, $"test_{Guid.NewGuid():N}");
        await schema.ExecuteAsync($"CREATE SCHEMA {schema._name}");
        return schema;
    }

    /// <summary>Runs a statement in the schema.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 300 }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP SCHEMA {_name} CASCADE");
}
