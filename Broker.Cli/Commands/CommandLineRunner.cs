using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Broker.Cli;

/// <summary>Parses a command line, runs its verb and turns what goes wrong into an exit code and two lines.</summary>
internal static class CommandLineRunner
{
    public static async Task<int> RunAsync(
        IEnumerable<Command> verbs, IReadOnlyList<string> args, TextWriter output, TextWriter error,
        CancellationToken cancellationToken)
    {
        // No response files: --payload @FILE means something else here.
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var parsed = Root(verbs).Parse(args, parser);
        // Verbs get our token; the library's own handling of signals would end them after two seconds.
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            if (parsed.Action is not ParseErrorAction) return await parsed.InvokeAsync(invocation, cancellationToken);

            if (parsed is { CommandResult.Command.Subcommands.Count: > 0, UnmatchedTokens.Count: 0 })
                await parsed.RootCommandResult.Command.Parse([.. args, "--help"], parser)
                    .InvokeAsync(new InvocationConfiguration { Output = error }, cancellationToken);
            else
                await error.WriteLineAsync($"broker: {Reason(parsed)}\nSee {PathOf(parsed.CommandResult)} --help.");
            return ExitCode.Usage;
        }
        catch (CliException exception)
        {
            await error.WriteLineAsync($"broker: {exception.Message}");
            if (exception.NextStep is not null) await error.WriteLineAsync(exception.NextStep);
            return exception.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException exception)
        {
            // A closed pipe (| head), a full disk, a file that can't be opened.
            await error.WriteLineAsync($"broker: {exception.Message}");
            return ExitCode.Usage;
        }
        catch (UnauthorizedAccessException exception)
        {
            await error.WriteLineAsync($"broker: {exception.Message}");
            return ExitCode.Usage;
        }
    }

    private static RootCommand Root(IEnumerable<Command> verbs)
    {
        var root = new RootCommand("Hands tasks to a fleet of bots, and looks after both.");
        foreach (var verb in verbs) root.Add(verb);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelp((HelpAction)help.Action!);
        return root;
    }

    private static string Reason(ParseResult parsed) =>
        parsed is { CommandResult.Command.Subcommands.Count: > 0, UnmatchedTokens: [var unknown, ..] }
            ? $"There is no command {Cells.Clean(unknown)}."
            : parsed.Errors[0].Message;

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "broker";
}
