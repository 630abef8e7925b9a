using System.Net;
using System.Threading.Channels;
using Broker.Contracts;
using Microsoft.Extensions.Logging;

namespace Broker.Agent;

/// <summary>A worker's link by polling: asks for offers, posts reports one by one, hears the rest in the answers to its beats.</summary>
internal sealed partial class HttpLink : IWorkerLink
{
    /// <summary>Reports posted side by side.</summary>
    private const int Parallel = 16;

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(2);

    private readonly WorkerRegistered _session;
    private readonly ApiClient _api;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Channel<object> _incoming = Channel.CreateUnbounded<object>();
    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<string> _seen = [];
    private readonly Task _polling;
    private long _number;
    private bool _draining;

    public HttpLink(WorkerRegistered session, ApiClient api, TimeProvider timeProvider, ILogger logger)
    {
        (_session, _api, _timeProvider, _logger) = (session, api, timeProvider, logger);
        _polling = PollAsync();
    }

    public ChannelReader<object> Incoming => _incoming.Reader;

    public async Task SendAsync(object message, CancellationToken cancellationToken)
    {
        if (message is InventoryMessage inventory)
        {
            await BeatAsync(inventory.Attempts, cancellationToken);
            return;
        }

        var reports = (ReportMessage)message;
        foreach (var chunk in reports.Reports.Chunk(Parallel))
            await Task.WhenAll(chunk.Select(report => PostAsync(reports.Kind, report, cancellationToken)));
    }

    /// <summary>There is no goodbye over HTTP: silence does.</summary>
    public Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken) =>
        beat.Goodbye ? Task.CompletedTask : BeatAsync(attempts: null, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _polling;
        _closing.Dispose();
    }

    private async Task PollAsync()
    {
        var wait = ShortestPoll;
        try
        {
            while (true)
            {
                wait = await TakeOffersAsync() ? ShortestPoll : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestPoll.Ticks));
                await Task.Delay(wait, _timeProvider, _closing.Token);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Log.PollFailed(_logger, _session.Worker, exception.Message);
        }
        _incoming.Writer.TryComplete();
    }

    /// <summary>True if there was something new. What was not started yet comes with every poll.</summary>
    private async Task<bool> TakeOffersAsync()
    {
        var (status, answer, reason) = await _api.SendAsync<HttpOffers>(
            HttpMethod.Get, $"v1/workers/{_session.Worker}/tasks", null, _session.Session, _closing.Token);
        if (status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            RegisterAgain();
            return false;
        }
        if (answer is null) throw new LinkBrokenException(reason!);

        var offers = answer.Items.Where(offer => _seen.Add(offer.Token)).Select(Describe).ToList();
        // What is not listed any more is not offered again.
        _seen.IntersectWith(answer.Items.Select(offer => offer.Token));
        if (offers.Count > 0) _incoming.Writer.TryWrite(new OfferMessage { Offers = offers });
        return offers.Count > 0;
    }

    private async Task BeatAsync(IReadOnlyList<HeldAttempt>? attempts, CancellationToken cancellationToken)
    {
        var (status, answer, reason) = await _api.SendAsync<HttpBeatAnswer>(
            HttpMethod.Put, $"v1/workers/{_session.Worker}/heartbeat", new HttpBeat(_session.Session, attempts), null, cancellationToken);
        if (status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            RegisterAgain();
            return;
        }
        if (answer is null) throw new LinkBrokenException(reason!);

        if (answer.BeatInterval is { } interval) _incoming.Writer.TryWrite(new SettingsMessage { BeatInterval = interval });
        if (answer.Cancel is { Count: > 0 } cancel) _incoming.Writer.TryWrite(new CancelMessage { Attempts = cancel });
        if (answer.Drain && !_draining) _incoming.Writer.TryWrite(new DrainMessage());
        _draining = answer.Drain;
    }

    private async Task PostAsync(string kind, Report report, CancellationToken cancellationToken)
    {
        var (verb, body) = Body(kind, report);
        var (status, _, reason) = await _api.SendAsync<object>(
            HttpMethod.Post, $"v1/tasks/{report.Task}/attempts/{report.Attempt}/{verb}", body, null, cancellationToken);
        if (status < HttpStatusCode.BadRequest) return;
        if (status is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout)
            throw new LinkBrokenException(reason!);

        // It was decided otherwise, and saying it again changes nothing: what still runs is to stop.
        Log.ReportRefused(_logger, report.Task, report.Attempt, kind, reason!);
        _incoming.Writer.TryWrite(new CancelMessage
        {
            Attempts = [new CanceledAttempt { Task = report.Task, Attempt = report.Attempt, Reason = "superseded" }],
        });
    }

    private static (string Verb, object Body) Body(string kind, Report report) => kind switch
    {
        WireKind.Started => ("start", new { report.Token }),
        WireKind.Progress => ("progress", new { report.Token, report.Percent, report.Message }),
        WireKind.Succeeded => ("succeed", new { report.Token, Result = report.Result.IsEmpty ? (RawJson?)null : report.Result, report.RanMs }),
        WireKind.Failed => ("fail", new { report.Token, report.Error, report.Retryable, report.RetryAfter, report.RanMs }),
        _ => ("release", new { report.Token, Reason = report.Error?.Code }),
    };

    private Offer Describe(HttpOffer offer) => new()
    {
        Task = offer.Task,
        Type = offer.Type,
        Priority = offer.Priority,
        Pool = offer.Pool,
        Attempt = offer.Attempt,
        Token = offer.Token,
        Cost = offer.Cost,
        Timeout = offer.Timeout,
        Payload = offer.Payload,
        // Polled offers are always the session's own and current; the number only keeps their order.
        Session = _session.Session,
        Epoch = 0,
        Number = ++_number,
    };

    private void RegisterAgain() => _incoming.Writer.TryWrite(new SettingsMessage { RegisterAgain = _session.Session });

    private static partial class Log
    {
        [LoggerMessage(EventId = 3211, Level = LogLevel.Debug, Message = "Worker {WorkerId} could not ask for tasks. {Reason}")]
        public static partial void PollFailed(ILogger logger, string workerId, string reason);

        [LoggerMessage(EventId = 3212, Level = LogLevel.Information, Message = "A report of task {TaskId}, attempt {Attempt}, was refused ({Kind}): {Reason}")]
        public static partial void ReportRefused(ILogger logger, Guid taskId, int attempt, string kind, string reason);
    }
}
