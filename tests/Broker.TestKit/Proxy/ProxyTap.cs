namespace Broker.TestKit;

/// <summary>Hears one connection of a proxy; called for one direction at a time, but for both side by side.</summary>
/// <param name="isToServer">Whether the client sent the bytes.</param>
/// <returns>Whether the bytes may go on; false swallows them.</returns>
public delegate bool ProxyTap(bool isToServer, ReadOnlySpan<byte> bytes);
