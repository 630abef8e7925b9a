using System.CommandLine;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Broker.Cli;

/// <summary>Where a verb shows things: tables and colours for people, plain JSON for scripts.</summary>
internal sealed class Screen
{
    /// <summary>Wide enough that nothing is wrapped or cut for a script that reads a table.</summary>
    private const int PipeWidth = 2_000;

    private readonly TextWriter _out;
    private readonly Lazy<IAnsiConsole> _console;

    public Screen(InvocationConfiguration invocation, string format)
    {
        _out = invocation.Output;
        Error = invocation.Error;
        IsJson = format == ApiOptions.Json;
        IsTerminal = ReferenceEquals(_out, Console.Out) && !Console.IsOutputRedirected;
        IsErrorTerminal = ReferenceEquals(Error, Console.Error) && !Console.IsErrorRedirected;
        _console = new(CreateConsole);
    }

    public TextWriter Error { get; }
    public bool IsJson { get; }
    public bool IsTerminal { get; }
    public bool IsErrorTerminal { get; }

    /// <summary>Shows an answer as it came, or as the table made of it.</summary>
    public void Show<T>(ApiAnswer answer, JsonTypeInfo<T> type, Func<T, IRenderable> table)
    {
        if (IsJson) WriteLine(Encoding.UTF8.GetString(answer.Body.Span));
        else Show(table(answer.Read(type)));
    }

    public void Show(IRenderable table) => _console.Value.Write(table);

    public void WriteLine(string text) => _out.WriteLine(text);

    /// <summary>Puts the next thing at the top of an empty terminal.</summary>
    public void Clear()
    {
        if (IsTerminal) _out.Write("\e[H\e[2J");
    }

    private IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(_out),
            Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!IsTerminal) console.Profile.Width = PipeWidth;
        return console;
    }
}
