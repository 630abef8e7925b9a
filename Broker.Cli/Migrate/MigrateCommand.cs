using System.CommandLine;
using Broker.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Cli;

/// <summary><c>broker migrate</c></summary>
internal sealed class MigrateCommand : Verb
{
    private readonly Option<string?> _postgres = new("--postgres")
    {
        HelpName = "CONNECTION",
        Description = "Npgsql keywords; else ConnectionStrings__Postgres or Broker__Postgres.",
    };

    public MigrateCommand() : base("migrate", "Bring the database to this version; safe to run again, and at once.",
        "broker migrate --postgres 'Host=localhost;Username=broker;Password=…;Database=broker'",
        "ConnectionStrings__Postgres='Host=db;Username=broker' broker migrate")
    {
        Add(_postgres);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var connection = parsed.GetValue(_postgres)
            ?? Environment.GetEnvironmentVariable("ConnectionStrings__Postgres")
            ?? Environment.GetEnvironmentVariable("Broker__Postgres")
            ?? throw new CliException(ExitCode.Usage, "Which database?", "Say it with --postgres or ConnectionStrings__Postgres.");
        try
        {
            await using var services = new ServiceCollection().AddPostgresStorage(connection).BuildServiceProvider();
            await services.GetRequiredService<ISchema>().MigrateAsync(cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            throw new CliException(ExitCode.Unreachable, $"The database does not answer: {exception.InnerException?.Message ?? exception.Message}",
                "Start PostgreSQL, or correct the connection string.");
        }
        catch (InvalidOperationException exception)
        {
            throw new CliException(ExitCode.Unreachable, exception.Message);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new CliException(ExitCode.Usage, $"The connection string can't be read: {exception.Message}");
        }
        await parsed.InvocationConfiguration.Output.WriteLineAsync("The database has this version's schema.");
        return ExitCode.Ok;
    }
}
