namespace Broker.Cli;

/// <summary>What the process answers its caller with; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Some task did not succeed, or was refused.</summary>
    public const int TaskFailed = 1;

    /// <summary>The command or what it hands in is wrong.</summary>
    public const int Usage = 2;

    public const int NotFound = 3;
    public const int Conflict = 4;

    /// <summary>Broker can't be reached or can't do it now.</summary>
    public const int Unreachable = 5;

    /// <summary>As <c>timeout(1)</c> answers.</summary>
    public const int TimedOut = 124;

    /// <summary>As shells show a process ended by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
