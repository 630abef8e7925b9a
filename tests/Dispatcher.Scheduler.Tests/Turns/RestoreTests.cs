using Broker.Contracts;

namespace Broker.Scheduler.Tests;

/// <summary>Row 36 of the faults: the database goes back to a backup, or to a replica that lagged, and bots that nobody stopped
/// speak of the time that is gone. What the way back does to the database is tested with the store.</summary>
public sealed class RestoreTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void After_the_way_back_no_token_comes_twice_and_all_that_was_recorded_runs()
    {
        _bench.AddWorker("w", slots: 3);
        var ids = Enumerable.Range(0, 3).Select(_ => _bench.Submit()).ToList();
        var backup = _bench.BackUp();
        _bench.TakeOver();
        // Of the time that will be gone: one succeeds, one fails and runs again, one is new.
        _bench.Turn(_bench.Report(WireKind.Succeeded, _bench.Task(ids[0])), _bench.Report(WireKind.Failed, _bench.Task(ids[1])));
        _bench.Pass(TimeSpan.FromSeconds(10)).Turn(_bench.Beat("w"));
        var gone = _bench.Task(_bench.Submit());
        var heir = _bench.Task(ids[1]);
        var (lostReport, oldReport) = (SchedulerBench.ReportOf(gone), SchedulerBench.ReportOf(heir));
        Assert.Equal((TaskState.Offered, 2), (heir.State, heir.Attempt));
        var (before, lastOffer) = (_bench.OffersSent.Select(offer => offer.Token).ToHashSet(), gone.Token.Number);
        var sent = _bench.OffersSent.Count();

        _bench.GoBack(backup);
        _bench.Turn(_bench.Inventory("w", lastOffer, new HeldAttempt(ids[1], 2), new HeldAttempt(ids[2], 1), new HeldAttempt(gone.Id, 1)));
        Assert.Equal([(ids[1], 2), (gone.Id, 1)], _bench.CancelsSent.Select(cancel => (cancel.Task, cancel.Attempt)));
        _bench.Run(TimeSpan.FromSeconds(15));                                        // reports of the leader before would have come

        var after = _bench.OffersSent.Skip(sent).ToList();
        Assert.Equal([(ids[0], 2), (ids[1], 2)], after.Select(offer => (offer.Task, offer.Attempt)).Order());
        Assert.DoesNotContain(after, offer => before.Contains(offer.Token));
        _bench.Turn(_bench.Report(WireKind.Succeeded, "w", oldReport, lostReport));
        Assert.Equal((TaskState.Offered, "superseded"), (_bench.Task(ids[1]).State, _bench.Steps(ids[1]).Last().Event));
        Assert.DoesNotContain(gone.Id, _bench.State.Tasks.Keys);
        _bench.Turn([.. ids.Select(id => _bench.Report(WireKind.Succeeded, _bench.Task(id)))]);
        Assert.All(ids, id => Assert.Equal(TaskState.Succeeded, _bench.Task(id).State));
    }

    [Fact]
    public void A_bot_that_registered_in_the_time_that_is_gone_has_to_register_again()
    {
        var backup = _bench.BackUp();
        var session = _bench.AddWorker("later").Record.Session;

        _bench.GoBack(backup);
        _bench.Turn(new BeatInput(new BeatMessage { Worker = "later", Session = session }));

        Assert.Equal(session, Assert.IsType<SettingsMessage>(_bench.Sent[^1].Body).RegisterAgain);
    }
}
