using System.CommandLine;
using System.Globalization;
using Broker.Bench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await new RootCommand("Measures Broker, and systems its users could pick instead, on this machine.")
{
    new BurstCommand(),
    new SteadyCommand(),
    new CostCommand(),
    new UnevenCommand(),
    new ScaleCommand(),
    new SizesCommand(),
}.Parse(args).InvokeAsync();
