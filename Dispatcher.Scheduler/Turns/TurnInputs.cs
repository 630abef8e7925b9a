using System.Collections.Immutable;
using System.Text.Json;
using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>A message the turn took in, held until a commit after the decision has succeeded.</summary>
internal interface IDelivery
{
    /// <summary>It is safe: acknowledge it.</summary>
    void Settle();

    /// <summary>We can't deal with it any more: let somebody else have it.</summary>
    void Abandon();
}

/// <summary>Somebody who waits for the answer to a command.</summary>
internal interface IReply
{
    /// <summary>Decided and committed.</summary>
    void Answer(object reply);

    /// <summary>We can't deal with it any more.</summary>
    void Abandon();
}

internal sealed record SubmissionInput(TaskSubmitted Message, IDelivery Delivery);

internal sealed record CommandInput(object Command, IReply Reply);

/// <param name="Message">A <see cref="ReportMessage"/> or an <see cref="InventoryMessage"/>: one queue carries both, in order.</param>
internal sealed record ReportInput(object Message, IDelivery Delivery);

internal sealed record BeatInput(BeatMessage Message);

/// <summary>An offer or a word to a worker came back: it has no queue.</summary>
internal sealed record ReturnInput(string Worker, IReadOnlyList<HeldAttempt> Attempts);

/// <summary>The way to the workers broke and stands again: RabbitMQ may have restarted, which empties their queues of offers.</summary>
internal sealed record ReconnectInput;

/// <summary>A message nobody can read; kept with the reason.</summary>
internal sealed record QuarantineInput(QuarantinedMessage Message, IDelivery Delivery);

/// <summary>Quartz: look whether the reserves of the pools that are due still fit.</summary>
internal sealed record ReserveReviewInput;

/// <summary>Everything one turn takes in, in the order it is dealt with.</summary>
internal sealed class TurnInputs
{
    public List<CommandInput> Commands { get; } = [];
    public List<ReturnInput> Returns { get; } = [];
    public List<ReconnectInput> Reconnects { get; } = [];
    public List<ReportInput> Reports { get; } = [];
    public List<BeatInput> Beats { get; } = [];
    public List<ReserveReviewInput> Reviews { get; } = [];
    public List<QuarantineInput> Quarantines { get; } = [];
    public List<SubmissionInput> Submissions { get; } = [];

    /// <summary>Transports over which nothing can be heard now.</summary>
    public ImmutableHashSet<string> DeafTo { get; init; } = [];

    /// <summary>What the history knows of ids the inputs name and memory does not.</summary>
    public IReadOnlyDictionary<Guid, HistoryEntry> Finished { get; set; } = new Dictionary<Guid, HistoryEntry>();

    public int Count => Commands.Count + Returns.Count + Reconnects.Count + Reports.Count + Beats.Count + Reviews.Count
        + Quarantines.Count + Submissions.Count;

    /// <summary>Ids that may lie in the history.</summary>
    public IEnumerable<Guid> NamedTasks() =>
        Commands.SelectMany(input => NamedBy(input.Command))
            .Concat(Reports.SelectMany(input => input.Message is ReportMessage reports ? reports.Reports.Select(report => report.Task) : []))
            .Concat(Submissions.SelectMany(input => input.Message.Tasks.Select(task => task.Id)));

    /// <summary>The same inputs in two parts, in order.</summary>
    public IEnumerable<TurnInputs> Halves()
    {
        var first = new TurnInputs { DeafTo = DeafTo };
        var second = new TurnInputs { DeafTo = DeafTo };
        var all = All().ToList();
        for (var i = 0; i < all.Count; i++) (i < all.Count / 2 ? first : second).Add(all[i]);
        return [first, second];
    }

    /// <summary>The only input, set aside because the database refuses a value of it.</summary>
    public TurnInputs SetAside(DateTimeOffset now, string reason)
    {
        var aside = new TurnInputs { DeafTo = DeafTo };
        var (body, delivery) = All().Single() switch
        {
            CommandInput command => (command.Command, (IDelivery)new RefusedCommand(command.Reply, reason)),
            ReportInput report => (report.Message, report.Delivery),
            SubmissionInput submission => (submission.Message, submission.Delivery),
            QuarantineInput quarantine => (quarantine.Message with { Body = [] }, quarantine.Delivery),
            var other => (other, NoDelivery.Instance),
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType());
        aside.Quarantines.Add(new QuarantineInput(QuarantinedMessage.Of(now, body.GetType().Name, reason, json), delivery));
        return aside;
    }

    /// <summary>Every message is safe.</summary>
    public void Settle()
    {
        foreach (var input in Reports) input.Delivery.Settle();
        foreach (var input in Quarantines) input.Delivery.Settle();
        foreach (var input in Submissions) input.Delivery.Settle();
    }

    /// <summary>Nothing is certain: somebody else gets them.</summary>
    public void Abandon()
    {
        foreach (var input in Commands) input.Reply.Abandon();
        foreach (var input in Reports) input.Delivery.Abandon();
        foreach (var input in Quarantines) input.Delivery.Abandon();
        foreach (var input in Submissions) input.Delivery.Abandon();
    }

    private IEnumerable<object> All() =>
        [.. Commands, .. Returns, .. Reconnects, .. Reports, .. Beats, .. Reviews, .. Quarantines, .. Submissions];

    private void Add(object input)
    {
        switch (input)
        {
            case CommandInput command: Commands.Add(command); break;
            case ReturnInput returned: Returns.Add(returned); break;
            case ReconnectInput reconnect: Reconnects.Add(reconnect); break;
            case ReportInput report: Reports.Add(report); break;
            case BeatInput beat: Beats.Add(beat); break;
            case ReserveReviewInput review: Reviews.Add(review); break;
            case QuarantineInput quarantine: Quarantines.Add(quarantine); break;
            case SubmissionInput submission: Submissions.Add(submission); break;
        }
    }

    private static IEnumerable<Guid> NamedBy(object command) => command switch
    {
        CancelTask cancel => [cancel.Task],
        RetryTask retry => [retry.Task],
        ExplainTask explain => [explain.Task],
        WaitTasks wait => wait.Tasks,
        ReportAttempts reports => reports.Reports.Select(report => report.Report.Task),
        _ => [],
    };
}

/// <summary>A command set aside: whoever asked is told so once that is committed.</summary>
internal sealed class RefusedCommand(IReply reply, string reason) : IDelivery
{
    public void Settle() => reply.Answer(new CommandRefused { Code = ProblemCode.ValidationFailed, Detail = reason });

    public void Abandon() => reply.Abandon();
}

/// <summary>An input that nobody holds.</summary>
internal sealed class NoDelivery : IDelivery
{
    public static readonly NoDelivery Instance = new();

    public void Settle()
    {
    }

    public void Abandon()
    {
    }
}
