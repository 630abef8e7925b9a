using System.Net;

namespace Broker.Api;

/// <summary>Says so when the API can be reached from other machines: nobody has to sign in yet.</summary>
internal static partial class ExposureNotice
{
    public static void Watch(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        foreach (var url in app.Urls.Where(IsExposed)) Log.Exposed(app.Logger, url);
    });

    /// <summary>Anything but loopback, <c>*</c> and <c>+</c> included.</summary>
    internal static bool IsExposed(string url) =>
        BindingAddress.Parse(url) is { IsUnixPipe: false, Host: var host } && host != "localhost"
        && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static partial class Log
    {
        [LoggerMessage(EventId = 1011, Level = LogLevel.Warning,
            Message = "{Url} can be reached from other machines, and whoever reaches it may do everything: there is no sign-in yet.")]
        public static partial void Exposed(ILogger logger, string url);
    }
}
