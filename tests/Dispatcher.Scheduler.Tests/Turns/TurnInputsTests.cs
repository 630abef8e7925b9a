using System.Text;
using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class TurnInputsTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void Halves_hold_every_input_once_in_order()
    {
        var inputs = new TurnInputs();
        for (var i = 0; i < 5; i++) inputs.Submissions.Add(_bench.Submission(SchedulerBench.ATask()));
        inputs.Commands.Add(new CommandInput(new CancelTask { Task = Guid.NewGuid() }, new Asker()));
        inputs.Reviews.Add(new ReserveReviewInput());

        var halves = inputs.Halves().ToList();

        Assert.Equal([3, 4], halves.Select(half => half.Count));
        Assert.Equal(inputs.Submissions, halves.SelectMany(half => half.Submissions));
        Assert.Single(halves[0].Commands);
    }

    [Fact]
    public void A_message_set_aside_goes_to_quarantine_and_is_settled_with_it()
    {
        var submission = _bench.Submission(SchedulerBench.ATask(type: "bad"));
        var inputs = new TurnInputs();
        inputs.Submissions.Add(submission);

        var aside = inputs.SetAside(_bench.Now, "The database refuses it.");
        aside.Settle();

        var kept = Assert.Single(aside.Quarantines).Message;
        Assert.Equal(("TaskSubmitted", "The database refuses it."), (kept.Source, kept.Reason));
        Assert.Contains("bad", Encoding.UTF8.GetString(kept.Body), StringComparison.Ordinal);
        Assert.True(((Delivery)submission.Delivery).Settled);
    }

    [Fact]
    public void A_command_set_aside_is_refused_once_that_is_committed()
    {
        var asker = new Asker();
        var inputs = new TurnInputs();
        inputs.Commands.Add(new CommandInput(new CancelTask { Task = Guid.NewGuid(), Reason = "bad" }, asker));

        var aside = inputs.SetAside(_bench.Now, "no");
        Assert.Null(asker.Answered);
        aside.Settle();

        Assert.Equal(ProblemCode.ValidationFailed, Assert.IsType<CommandRefused>(asker.Answered).Code);
    }

    [Fact]
    public void Every_message_is_settled_or_abandoned()
    {
        var inputs = new TurnInputs();
        var submission = _bench.Submission(SchedulerBench.ATask());
        inputs.Submissions.Add(submission);

        inputs.Abandon();

        Assert.Equal((false, true), (((Delivery)submission.Delivery).Settled, ((Delivery)submission.Delivery).Abandoned));
    }
}
