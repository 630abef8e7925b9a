using Broker.Cli;

namespace Broker.SystemTests.Cli;

/// <summary>Runs the broker command in this process.</summary>
internal static class CommandLine
{
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLineRunner.RunAsync(
            Broker.Cli.Program.Verbs, args, TextWriter.Synchronized(output), TextWriter.Synchronized(error), TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
