using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Broker.Cli;

/// <summary>The usual help, with the verb's examples below it.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb { Examples.Count: > 0 } verb) return ExitCode.Ok;

        var output = parseResult.InvocationConfiguration.Output;
        if (verb.Details is not null) output.WriteLine(verb.Details + Environment.NewLine);
        output.WriteLine("Examples:");
        foreach (var example in verb.Examples) output.WriteLine($"  {example}");
        output.WriteLine();
        return ExitCode.Ok;
    }
}
