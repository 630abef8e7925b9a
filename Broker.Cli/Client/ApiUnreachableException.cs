namespace Broker.Cli;

/// <summary>There was no answer.</summary>
internal sealed class ApiUnreachableException(Uri api, string reason) : CliException(
    Cli.ExitCode.Unreachable, $"No answer from the API at {api}: {reason}",
    "Start it with `broker dev`, or say where it is with --api URL or BROKER_API.");
