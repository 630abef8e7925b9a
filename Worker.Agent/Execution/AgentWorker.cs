using Broker.Contracts;
using Microsoft.Extensions.Logging;

namespace Broker.Agent;

/// <summary>One worker's life: registers, stays connected, works, stops. A process may run many.</summary>
internal sealed partial class AgentWorker(
    IBrokerConnection connection, HandlerSet handlers, AgentSettings settings, TimeProvider timeProvider, Random random, ILogger logger)
{
    private readonly Backoff _backoff = new(timeProvider, random);

    // A try to register that was not answered may come about after the one that was, as a newer session of our own.
    private bool _mayBeOurs;

    /// <summary>Runs until it has stopped. Throws nothing but errors of its own.</summary>
    /// <param name="stopping">Asks it to finish what runs, give back the rest, and end.</param>
    public async Task<AgentExit> RunAsync(CancellationToken stopping)
    {
        var registration = settings.Registration with { Types = settings.Registration.Types ?? handlers.Types };
        IReadOnlyList<Straggler> stragglers = [];
        while (true)
        {
            WorkerRegistered? registered;
            try
            {
                registered = await RegisterAsync(registration, stopping);
            }
            catch (RegistrationRefusedException refusal)
            {
                Log.Refused(logger, registration.Id, refusal.Message);
                return AgentExit.Refused;
            }
            if (registered is null) return AgentExit.Stopped;

            registration = registration with { Id = registered.Worker };
            _backoff.Spread = registered.ReconnectSpread;
            var session = new WorkerSession(registered, registration.Slots, handlers, timeProvider, logger);
            session.Inherit(stragglers);
            switch (await RunSessionAsync(session, stopping))
            {
                case LinkEnd.Stopped:
                    return AgentExit.Stopped;
                case LinkEnd.Replaced:
                    Log.Replaced(logger, registered.Worker);
                    await session.AbandonAsync(settings.CancelLimit);
                    return AgentExit.Replaced;
            }
            stragglers = await session.AbandonAsync(settings.CancelLimit);
            await Quietly(_backoff.WaitAsync(stopping));
        }
    }

    /// <summary>Null if asked to stop before it worked.</summary>
    private async Task<WorkerRegistered?> RegisterAsync(WorkerRegistration registration, CancellationToken stopping)
    {
        _mayBeOurs = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var registered = await connection.RegisterAsync(registration, stopping)
                    .WaitAsync(settings.NetworkLimit, timeProvider, stopping);
                Log.Registered(logger, registered.Worker, registered.Session);
                return registered;
            }
            catch (Exception exception) when (exception is not RegistrationRefusedException)
            {
                if (stopping.IsCancellationRequested) break;

                _mayBeOurs = true;
                Log.NotRegistered(logger, registration.Id, exception.Message);
                await Quietly(_backoff.WaitAsync(stopping));
            }
        }
        return null;
    }

    /// <summary>Connects again and again until the session is over, one way or another.</summary>
    private async Task<LinkEnd> RunSessionAsync(WorkerSession session, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var stopped = StopAsync(session, stopping, over.Token);
        try
        {
            while (true)
            {
                try
                {
                    var link = await ConnectAsync(session.Registered);
                    using var run = new LinkRun(link, session, settings, _backoff, _mayBeOurs, timeProvider, logger);
                    if (await run.RunAsync(stopped) is var end and not LinkEnd.Broken) return end;
                }
                catch (SessionEndedException exception)
                {
                    Log.SessionEnded(logger, session.Registered.Worker, exception.Message);
                    return LinkEnd.RegisterAgain;
                }
                catch (Exception exception)
                {
                    Log.NotConnected(logger, session.Registered.Worker, exception.Message);
                }
                if (await Task.WhenAny(stopped, _backoff.WaitAsync(LongestWait(session), CancellationToken.None)) == stopped) return LinkEnd.Stopped;
            }
        }
        finally
        {
            over.Cancel();
        }
    }

    /// <summary>Over HTTP, without a queue, a try is a beat: when Broker is back after a long time, it must hear of us before it gives us up.</summary>
    private static TimeSpan LongestWait(WorkerSession session) =>
        session.Registered.Queue is null && session.BeatInterval < Backoff.Cap ? session.BeatInterval : Backoff.Cap;

    /// <summary>Completes when the worker was asked to stop and has; never if its session ends before.</summary>
    private async Task StopAsync(WorkerSession session, CancellationToken stopping, CancellationToken over)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (over.Register(() => asked.TrySetResult())) await asked.Task;
        if (!stopping.IsCancellationRequested) await new TaskCompletionSource().Task;

        await session.StopAsync(settings.DrainLimit, settings.CancelLimit, settings.ReportLimit);
    }

    private async Task<IWorkerLink> ConnectAsync(WorkerRegistered registered)
    {
        using var limit = new CancellationTokenSource(settings.NetworkLimit, timeProvider);
        var connecting = connection.ConnectAsync(registered, limit.Token);
        try
        {
            return await connecting.WaitAsync(settings.NetworkLimit, timeProvider);
        }
        catch (Exception)
        {
            _ = DisposeLateAsync(connecting);
            throw;
        }
    }

    /// <summary>A link that stands after all, when nobody waits for it any more.</summary>
    private static async Task DisposeLateAsync(Task<IWorkerLink> connecting)
    {
        await Quietly(connecting);
        if (connecting.IsCompletedSuccessfully) await Quietly(connecting.Result.DisposeAsync().AsTask());
    }

    private static async Task Quietly(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private static partial class Log
    {
        [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Worker {WorkerId} registered; its session is {Session}.")]
        public static partial void Registered(ILogger logger, string workerId, string session);

        [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Worker {WorkerId} could not register; trying on. {Reason}")]
        public static partial void NotRegistered(ILogger logger, string? workerId, string reason);

        [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "Broker refused to register worker {WorkerId}: {Reason}")]
        public static partial void Refused(ILogger logger, string? workerId, string reason);

        [LoggerMessage(EventId = 3004, Level = LogLevel.Error, Message = "Another process registered as worker {WorkerId}; this one stops. Give each worker an id of its own.")]
        public static partial void Replaced(ILogger logger, string workerId);

        [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "Worker {WorkerId} could not connect; trying on. {Reason}")]
        public static partial void NotConnected(ILogger logger, string workerId, string reason);

        [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "The session of worker {WorkerId} is over; registering again. {Reason}")]
        public static partial void SessionEnded(ILogger logger, string workerId, string reason);
    }
}
