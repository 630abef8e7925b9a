using Broker.Contracts;
using Microsoft.Extensions.Logging;

namespace Broker.Agent;

/// <summary>A session over one link: receives, reports and beats side by side until one of them ends.</summary>
/// <param name="mayBeOurs">Whether a newer session may come from a try of our own.</param>
internal sealed partial class LinkRun(
    IWorkerLink link, WorkerSession session, AgentSettings settings, Backoff backoff, bool mayBeOurs, TimeProvider timeProvider, ILogger logger)
    : IDisposable
{
    /// <summary>Every so many beats an inventory goes out.</summary>
    private const int BeatsPerInventory = 3;

    private readonly CancellationTokenSource _ending = new();
    private readonly PeriodicTimer _beats = new(session.BeatInterval, timeProvider);

    /// <param name="stopped">Completes when the worker has stopped and everything is said.</param>
    public async Task<LinkEnd> RunAsync(Task stopped)
    {
        session.RequestInventory();
        var receiving = ReceiveAsync();
        var sending = SendAsync();
        Task[] running = [receiving, sending, BeatAsync()];
        var first = await Task.WhenAny([stopped, .. running]);
        if (first == stopped) await SayGoodbyeAsync();
        else if (receiving is { IsCompletedSuccessfully: true, Result: not LinkEnd.Broken })
            await Task.WhenAny(session.ReportEndedAsync(settings.CancelLimit), sending);
        else if (first.Exception?.InnerException is { } exception)
            Log.LinkBroken(logger, session.Registered.Worker, exception.Message);

        _ending.Cancel();
        foreach (var task in running) await Quietly(task);
        await Quietly(Limited(link.DisposeAsync().AsTask(), CancellationToken.None));
        return first == stopped ? LinkEnd.Stopped : ReadRest(receiving.IsCompletedSuccessfully ? receiving.Result : LinkEnd.Broken);
    }

    public void Dispose()
    {
        _beats.Dispose();
        _ending.Dispose();
    }

    private async Task<LinkEnd> ReceiveAsync()
    {
        while (await link.Incoming.WaitToReadAsync(_ending.Token))
            if (ReadRest(LinkEnd.Broken) is var end and not LinkEnd.Broken) return end;
        return LinkEnd.Broken;
    }

    /// <summary>What lies there was acknowledged: nobody else will get it.</summary>
    private LinkEnd ReadRest(LinkEnd end)
    {
        while (end == LinkEnd.Broken && link.Incoming.TryRead(out var message)) end = Handle(message);
        return end;
    }

    private LinkEnd Handle(object message)
    {
        switch (message)
        {
            case OfferMessage offers:
                if (session.Take(offers)) return LinkEnd.Broken;
                if (mayBeOurs) return LinkEnd.RegisterAgain;
                // A newer session is somebody's, or that of a process that is gone: Broker knows, and answers an inventory.
                session.RequestInventory();
                return LinkEnd.Broken;
            case CancelMessage cancel:
                session.Cancel(cancel);
                return LinkEnd.Broken;
            case DrainMessage drain:
                Log.Draining(logger, session.Registered.Worker, drain.Reason);
                session.Drain();
                return LinkEnd.Broken;
            case SettingsMessage told:
                return Obey(told);
            default:
                return LinkEnd.Broken;
        }
    }

    private LinkEnd Obey(SettingsMessage told)
    {
        if (told.RegisterAgain == session.Registered.Session) return LinkEnd.RegisterAgain;
        if (told.Replaced == session.Registered.Session) return LinkEnd.Replaced;
        if (told.SendInventory) session.RequestInventory();
        if (Durations.TryParse(told.BeatInterval, out var interval)) session.BeatInterval = interval;
        if (Durations.TryParse(told.ReconnectSpread, out var spread)) backoff.Spread = spread;
        if (!_ending.IsCancellationRequested) _beats.Period = session.BeatInterval;
        return LinkEnd.Broken;
    }

    private async Task SendAsync()
    {
        while (true)
        {
            var message = await session.NextAsync(_ending.Token);
            await Limited(link.SendAsync(message, _ending.Token), _ending.Token);
            session.Confirm(message);
            backoff.Reset();
        }
    }

    private async Task BeatAsync()
    {
        for (var count = 1; ; count++)
        {
            await Limited(link.BeatAsync(Beat(goodbye: false), _ending.Token), _ending.Token);
            if (count % BeatsPerInventory == 0) session.RequestInventory(routine: true);
            await _beats.WaitForNextTickAsync(_ending.Token);
        }
    }

    private Task SayGoodbyeAsync() => Quietly(Limited(link.BeatAsync(Beat(goodbye: true), _ending.Token), _ending.Token));

    private BeatMessage Beat(bool goodbye) =>
        new() { Worker = session.Registered.Worker, Session = session.Registered.Session, Goodbye = goodbye };

    private Task Limited(Task task, CancellationToken cancellationToken) =>
        task.WaitAsync(settings.NetworkLimit, timeProvider, cancellationToken);

    private static async Task Quietly(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private static partial class Log
    {
        [LoggerMessage(EventId = 3121, Level = LogLevel.Warning, Message = "The link of worker {WorkerId} broke; connecting anew. {Reason}")]
        public static partial void LinkBroken(ILogger logger, string workerId, string reason);

        [LoggerMessage(EventId = 3122, Level = LogLevel.Information, Message = "Worker {WorkerId} drains: {Reason}")]
        public static partial void Draining(ILogger logger, string workerId, string? reason);
    }
}
