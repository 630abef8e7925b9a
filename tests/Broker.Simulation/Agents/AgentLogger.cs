using Microsoft.Extensions.Logging;

namespace Broker.Simulation;

/// <summary>Writes what an agent says into the story.</summary>
internal sealed class AgentLogger(SimulatedProcess process, Journal journal) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!process.IsDead) journal.Add("says", process.Name, detail: formatter(state, exception));
    }
}
