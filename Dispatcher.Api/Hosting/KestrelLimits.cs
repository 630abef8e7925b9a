using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Broker.Api;

/// <summary>What Kestrel takes from one client.</summary>
internal static class KestrelLimits
{
    public static void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        // Twice as many as may wait at once; each costs some 20 KiB while idle.
        options.Limits.MaxConcurrentConnections = 20_000;
        options.Limits.MaxRequestBodySize = 1024 * 1024;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        options.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
