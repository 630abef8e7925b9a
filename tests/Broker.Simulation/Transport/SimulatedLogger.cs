using Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Simulation;

/// <summary>Listens to what the scheduler says: an error that no fault explains is a finding (X1).</summary>
internal sealed class SimulatedLogger<T>(SimulatedProcess process, Checker checker, Journal journal) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (process.IsDead) return;

        journal.Add("says", process.Name, detail: formatter(state, exception));
        if (logLevel >= LogLevel.Error && exception is not (StoreUnavailableException or ValueRefusedException or ProcessKilledException))
            checker.World.Report("X1", $"{process.Name} failed: {exception}");
    }
}
