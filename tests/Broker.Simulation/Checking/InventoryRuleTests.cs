using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>I1: an attempt is missing only if its worker took the offer, or a later one, and does not list it.</summary>
public class InventoryRuleTests
{
    private readonly BadHistory _history = new();

    [Fact]
    public void I1_says_nothing_of_an_attempt_whose_worker_took_a_later_offer() => Assert.Null(Miss(lastOffer: 2));

    [Fact]
    public void I1_notices_an_attempt_missing_before_its_offer_was_taken() => Assert.Equal("I1", Miss(lastOffer: 0));

    [Fact]
    public void I1_notices_an_attempt_missing_although_it_was_listed() => Assert.Equal("I1", Miss(lastOffer: 1, lists: true));

    [Fact]
    public void I1_notices_an_attempt_missing_by_the_word_of_another_session() => Assert.Equal("I1", Miss(lastOffer: 2, session: "session-b"));

    private string? Miss(long lastOffer, bool lists = false, string session = "session-a")
    {
        _history.Worker("a").Commit();
        var task = _history.Submit();
        _history.Offer(task, "a");
        _history.Commit().Checker.Listed(new InventoryMessage
        {
            Worker = "a",
            Session = session,
            LastOffer = lastOffer,
            Attempts = lists ? [new HeldAttempt(task.Id, 1)] : [],
        });
        _history.End(task, AttemptOutcome.Undeliverable, TaskState.Queued, reason: "not-in-inventory");
        return _history.Commit().Broken;
    }
}
