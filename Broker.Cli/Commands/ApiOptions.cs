using System.CommandLine;

namespace Broker.Cli;

/// <summary>The options of every command that talks to the API.</summary>
internal static class ApiOptions
{
    public const string Table = "table";
    public const string Json = "json";

    public static readonly Option<Uri> Api = new("--api", "--server")
    {
        Description = "Where the API is; else BROKER_API or BROKER_SERVER.",
        HelpName = "URL",
        DefaultValueFactory = _ => Read(
            Environment.GetEnvironmentVariable("BROKER_API") ?? Environment.GetEnvironmentVariable("BROKER_SERVER")
            ?? "http://localhost:8000")
            ?? throw new CliException(ExitCode.Usage, "BROKER_API is no http:// or https:// address."),
        CustomParser = result =>
        {
            var url = Read(result.Tokens[0].Value);
            if (url is null) result.AddError($"--api {result.Tokens[0].Value} is no http:// or https:// address.");
            return url;
        },
    };

    public static readonly Option<string> Output = CreateOutput();

    private static Option<string> CreateOutput()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "table, or json: the API's own JSON, for scripts.",
            HelpName = "table|json",
            DefaultValueFactory = _ => Table,
        };
        option.AcceptOnlyFromAmong(Table, Json);
        return option;
    }

    private static Uri? Read(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https") ? url : null;
}
