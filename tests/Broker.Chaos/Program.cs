namespace Broker.Chaos;

/// <summary>Tests by default; <c>check FOLDER</c> judges a recorded run instead.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["check", ..]) return CheckCommand.Run(args[1..]);

        return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult()
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
    }
}
