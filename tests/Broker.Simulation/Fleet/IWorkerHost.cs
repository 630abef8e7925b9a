namespace Broker.Simulation;

/// <summary>A machine with one worker on it, and what may happen to it.</summary>
/// <remarks>What answers says whether it met a worker that could feel it.</remarks>
internal interface IWorkerHost
{
    string Id { get; }

    /// <summary>Somebody sees to it that the worker runs; nothing if it does.</summary>
    void Start();

    /// <summary>kill -9.</summary>
    bool Crash();

    /// <summary>SIGTERM.</summary>
    bool Stop();

    /// <summary>SIGSTOP.</summary>
    bool Pause();

    /// <summary>SIGCONT.</summary>
    void Resume();

    /// <summary>No packet passes in these directions; <see cref="Way.None"/> ends it.</summary>
    void Cut(Way blocked);

    /// <summary>Somebody sets its wall clock. False if it has none.</summary>
    bool JumpClock(TimeSpan by);
}
