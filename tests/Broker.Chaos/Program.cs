namespace Broker.Chaos;

/// <summary>Tests by default; the first argument may ask for a run, one of its bots, or the judgement over a recorded run.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) => args switch
    {
        ["chaos", ..] => await ChaosCommand.RunAsync(args[1..]),
        ["bot", ..] => await BotCommand.RunAsync(args[1..]),
        ["check", ..] => CheckCommand.Run(args[1..]),
        _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
            await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };
}
