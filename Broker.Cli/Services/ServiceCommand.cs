namespace Broker.Cli;

/// <summary><c>broker api</c> and <c>broker scheduler</c>: the services, configured by environment and appsettings.</summary>
internal sealed class ServiceCommand : Verb
{
    private const string Configuration = """
        Configured by the environment: ConnectionStrings__Postgres, ConnectionStrings__RabbitMq, Broker__IdSecret (API),
        Broker__QueuePrefix; or by --Section:Key=value. See docs/configuration.md.
        """;

    private ServiceCommand(string name, string description, Func<string[], Task<int>> run, string example) : base(name, description, example)
    {
        Details = Configuration;
        TreatUnmatchedTokensAsErrors = false;
        SetAction((parsed, _) => run([.. parsed.UnmatchedTokens]));
    }

    public static ServiceCommand Api() => new(
        "api", "Run the HTTP API until Ctrl-C.", Broker.Api.ApiProgram.RunAsync, "broker api --urls http://127.0.0.1:8000");

    public static ServiceCommand Scheduler() => new(
        "scheduler", "Run a scheduler until Ctrl-C: it leads, or stands by for the one that does.",
        Broker.Scheduler.SchedulerProgram.RunAsync, "broker scheduler");
}
