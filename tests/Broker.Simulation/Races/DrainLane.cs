using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>The worker is drained at the moment a task comes that only it can take: either it runs to its end, or it waits
/// until the worker is open again.</summary>
internal sealed class DrainLane(RaceGround ground, int number, int races) : Lane(ground, number, races)
{
    private Guid _task;
    private bool _isDrained;
    private int _offers;

    protected override void Race()
    {
        (_isDrained, _offers) = (false, 0);
        var deadline = Random.Chance(0.3) ? Milliseconds(0, 10) : (TimeSpan?)null;
        After(Milliseconds(0, 4), () => _task = Submit());
        After(Milliseconds(0, 6), () => Ground.Broker.Ask(
            new ChangeWorker { Worker = Id, Action = WorkerAction.Drain, Deadline = deadline }, reply => _isDrained = reply is WorkerChanged));
        After(TimeSpan.FromMilliseconds(10), () => When(IsSettled, Judge, "the drain"));
    }

    protected override void Offered(Offer offer)
    {
        _offers++;
        Say(WireKind.Started, offer);
        After(Milliseconds(1, 20), () => Say(WireKind.Succeeded, offer));
    }

    private bool IsSettled() => _isDrained && Find(_task) is { IsLive: false } && Worker.Record.Admission == Admission.Drained;

    private void Judge()
    {
        var task = Find(_task)!;
        var outcome = (task.Attempt, task.IsDone) switch
        {
            (0, false) => "drained first, the task waits",
            (1, true) => "offered first, ran to its end",
            (1, false) => "offered first, released at the deadline",
            _ => "",
        };
        Expect(outcome.Length > 0 && _offers <= task.Attempt && Worker.Used == 0, $"{task} after the drain of {Id}, which got {_offers} offers", _task);
        Ground.Broker.Ask(new ChangeWorker { Worker = Id, Action = WorkerAction.Uncordon }, _ =>
            When(() => task.IsDone, () => End(task, outcome), $"the end of {_task}"));
    }

    private void End(CheckedTask task, string outcome)
    {
        Expect(task.State == TaskState.Succeeded && task.Failures + task.Losses == 0, $"{task} ended so after a drain", _task);
        Over(outcome);
    }
}
