using System.CommandLine;

namespace Broker.Cli;

/// <summary>An option that takes <c>key=value</c>, any number of times.</summary>
internal sealed class LabelsOption : Option<Dictionary<string, string>?>
{
    public LabelsOption(string name) : base(name)
    {
        HelpName = "KEY=VALUE";
        Arity = ArgumentArity.ZeroOrMore;
        CustomParser = result =>
        {
            var labels = new Dictionary<string, string>();
            foreach (var token in result.Tokens)
            {
                var split = token.Value.IndexOf('=', StringComparison.Ordinal);
                if (split < 1) result.AddError($"{name} {token.Value} is no KEY=VALUE.");
                else if (!labels.TryAdd(token.Value[..split], token.Value[(split + 1)..]))
                    result.AddError($"{name} {token.Value[..split]} is given twice.");
            }
            return labels.Count == 0 ? null : labels;
        };
    }
}
