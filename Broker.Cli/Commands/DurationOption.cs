using System.CommandLine;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>An option that takes a length of time, <c>250ms 10s 5m 2h 7d</c> or ISO 8601.</summary>
internal sealed class DurationOption : Option<TimeSpan?>
{
    public DurationOption(string name) : base(name)
    {
        HelpName = "TIME";
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Durations.TryParse(text, out var length)) return length;
            result.AddError($"{name} {text} is no length of time; write 500ms, 30s, 5m, 2h or 7d.");
            return null;
        };
    }
}
