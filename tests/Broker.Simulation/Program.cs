namespace Broker.Simulation;

/// <summary>Tests by default; <c>simulate</c> as the first argument runs seeds instead.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["simulate", ..]) return SimulateCommand.Run(args[1..]);

        return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult()
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
    }
}
