namespace Broker.Agent;

/// <summary>The bot's command line, as configuration.</summary>
internal static class BotArguments
{
    public const string Help = """
        Usage: Worker.Agent [options]

        Runs tasks of types echo, sleep, http.get and file.sha256 until it is stopped.

          --api URL          Broker's HTTP API (default http://localhost:8000)
          --rabbitmq URI     RabbitMQ (default amqp://guest:guest@localhost:5672/)
          --id ID            the worker's own id; made up if left out
          --pool NAME        the pool to work for (default: default)
          --slots N          tasks at a time, 1 to 1000 (default 1)
          --role ROLE        active (default) or reserve
          --label KEY=VALUE  a fact that tasks may require; as often as needed
          --transport T      amqp (default) or http, which polls
          --max-batch N      offers taken in one message, 1 to 1000 (default 1)
          --drain-limit T    time for running tasks when it stops, as 00:00:30
          --file-root DIR    folder below which file.sha256 may read
          --help             this text

        Every option is a variable too: Broker__Api, Broker__RabbitMq, Broker__FileRoot …
        """;

    private static readonly Dictionary<string, string> Keys = new()
    {
        ["--api"] = "Api",
        ["--rabbitmq"] = "RabbitMq",
        ["--id"] = "Id",
        ["--pool"] = "Pool",
        ["--slots"] = "Slots",
        ["--role"] = "Role",
        ["--transport"] = "Transport",
        ["--max-batch"] = "MaxBatch",
        ["--drain-limit"] = "DrainLimit",
        ["--file-root"] = "FileRoot",
    };

    /// <summary>The settings, or what is wrong with the arguments.</summary>
    public static (Dictionary<string, string?> Settings, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var settings = new Dictionary<string, string?>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var first, var second] ? (first, second) : (arguments[i], null);
            if (name != "--label" && !Keys.ContainsKey(name)) return (settings, $"There is no option {name}.");

            value ??= ++i < arguments.Count ? arguments[i] : null;
            if (value is null) return (settings, $"{name} needs a value.");
            if (name != "--label") settings[$"Broker:{Keys[name]}"] = value;
            else if (value.Split('=', 2) is [{ Length: > 0 } key, var label]) settings[$"Broker:Labels:{key}"] = label;
            else return (settings, "--label needs KEY=VALUE.");
        }
        return (settings, null);
    }
}
