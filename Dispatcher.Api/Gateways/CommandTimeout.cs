namespace Broker.Api;

/// <summary>How long the API waits for the scheduler.</summary>
internal static class CommandTimeout
{
    /// <summary>For every command but those below.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(5);

    /// <summary>For what a list can do without.</summary>
    public static readonly TimeSpan Embellishment = TimeSpan.FromSeconds(1);

    /// <summary>On top of the time a command may itself wait.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
}
