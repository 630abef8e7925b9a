using Microsoft.Extensions.Logging;

namespace Broker.Cli;

/// <summary>Shows what goes wrong, at most once a second: thousands of workers see the same outage.</summary>
internal sealed class FleetLog(Screen screen, TimeProvider timeProvider) : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _lastAt;
    private int _swallowed;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;

        lock (_lock)
        {
            if (_lastAt is { } at && timeProvider.GetElapsedTime(at) < Interval)
            {
                _swallowed++;
                return;
            }
            if (screen.IsErrorTerminal) screen.Error.Write("\r\e[K");
            screen.Error.WriteLine(formatter(state, exception) + (_swallowed > 0 ? $" (and {_swallowed} more like it)" : ""));
            _lastAt = timeProvider.GetTimestamp();
            _swallowed = 0;
        }
    }

    public void Dispose()
    {
    }
}
