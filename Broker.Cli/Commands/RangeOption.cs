using System.CommandLine;
using System.Globalization;

namespace Broker.Cli;

/// <summary>An option that takes a whole number between two bounds.</summary>
internal sealed class RangeOption : Option<int?>
{
    public RangeOption(string name, int lowest, int highest) : base(name)
    {
        HelpName = "N";
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
                && number >= lowest && number <= highest) return number;
            result.AddError($"{name} {text} must be a whole number in {lowest}–{highest}.");
            return null;
        };
    }
}
