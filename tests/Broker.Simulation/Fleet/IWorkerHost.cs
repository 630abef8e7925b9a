namespace Broker.Simulation;

/// <summary>A machine with one worker on it, and what may happen to it.</summary>
internal interface IWorkerHost
{
    string Id { get; }

    /// <summary>Somebody sees to it that the worker runs; nothing if it does.</summary>
    void Start();

    /// <summary>kill -9.</summary>
    void Crash();

    /// <summary>SIGTERM.</summary>
    void Stop();

    /// <summary>SIGSTOP.</summary>
    void Pause();

    /// <summary>SIGCONT.</summary>
    void Resume();

    /// <summary>No packet comes or goes.</summary>
    void Cut();

    void Reconnect();
}
