using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

public class DomainEventsTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;
    private static readonly Guid Task = Guid.NewGuid();

    [Fact]
    public void Are_told_in_the_order_of_their_numbers()
    {
        var page = new EventPage(
            [new TaskEventRecord(1, Task, At, [Step("offered"), Step("started")]), new TaskEventRecord(3, Task, At, [Ended(AttemptOutcome.Succeeded)])],
            [new FleetEventRecord(2, At, "lost", "default", "bot-1", "silent for 35s", null)],
            Last: 3);

        var names = DomainEvents.Of(page).Select(item => (item.Subject, item.Event.GetType().Name));

        Assert.Equal([(Task, nameof(TaskOffered)), (Task, nameof(TaskStarted)), ("bot-1", nameof(WorkerLost)), (Task, nameof(TaskSucceeded))], names);
    }

    [Theory]
    [InlineData(AttemptOutcome.Failed)]
    [InlineData(AttemptOutcome.Lost)]
    [InlineData(AttemptOutcome.Undeliverable)]
    public void Tell_of_an_attempt_that_ended_badly_with_its_outcome(string outcome)
    {
        var page = new EventPage([new TaskEventRecord(1, Task, At, [Ended(outcome)])], [], Last: 1);

        var failed = Assert.IsType<AttemptFailed>(Assert.Single(DomainEvents.Of(page)).Event);

        Assert.Equal(outcome, failed.Outcome);
    }

    [Fact]
    public void Keep_quiet_about_steps_that_are_nobody_elses_business()
    {
        var page = new EventPage([new TaskEventRecord(1, Task, At, [Step("submitted"), Step("superseded"), Step("progress")])],
            [new FleetEventRecord(2, At, "registered", "default", "bot-1", null, null)], Last: 2);

        Assert.Empty(DomainEvents.Of(page));
    }

    private static TaskTransition Step(string name) => new() { Event = name, State = TaskState.Offered, Attempt = 1, Worker = "bot-1" };

    private static TaskTransition Ended(string outcome) => Step("attempt-ended") with { Outcome = outcome };
}
