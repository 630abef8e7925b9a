namespace Broker.Cli;

/// <summary>Ends a command with an exit code and one or two lines: what is wrong, and what to do next.</summary>
internal class CliException(int exitCode, string message, string? nextStep = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Null if the message says it all.</summary>
    public string? NextStep { get; } = nextStep;
}
