using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>A silent worker registers anew at the moment it is given up: its attempt ends one way, and the next one succeeds.</summary>
internal sealed class RegisterLane(RaceGround ground, int number, int races) : Lane(ground, number, races)
{
    private Guid _task;

    protected override void Race() => _task = Submit();

    protected override void Offered(Offer offer)
    {
        if (offer.Attempt == 1)
        {
            Say(WireKind.Started, offer);
            When(() => Find(_task)!.StartedAt is not null, FallSilent, $"the start of {_task}");
            return;
        }

        var task = Find(_task)!;
        Expect(offer.Attempt == 2, $"{task} was offered a third time", _task);
        Say(WireKind.Started, offer);
        Say(WireKind.Succeeded, offer);
        When(() => task.IsDone, () => Judge(task), $"the end of {_task}");
    }

    /// <summary>It was heard of last when it said that it started.</summary>
    private void FallSilent()
    {
        var lostAt = Find(_task)!.StartedAt!.Value + RaceGround.LostAfter;
        After(lostAt - Ground.Simulator.Now + Milliseconds(-14, 4), () => Register());
    }

    private void Judge(CheckedTask task)
    {
        Expect(task is { State: TaskState.Succeeded, Failures: 0, Losses: 0 or 1 }, $"{task} ended so, with {task.Losses} losses", _task);
        Expect(Worker.Record.Liveness == Liveness.Online && Worker.Record.Session == Session, $"{Id} is {Worker.Record.Liveness} after it registered", _task);
        Over(task.Losses == 1 ? "lost, then registered" : "registered in time");
    }
}
