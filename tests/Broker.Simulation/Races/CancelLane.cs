using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>A person cancels the task at the moment it is done. Answers and end must agree.</summary>
internal sealed class CancelLane(RaceGround ground, int number, int races) : Lane(ground, number, races)
{
    private Guid _task;
    private object? _canceled;
    private ReportAnswer? _reported;
    private Offer? _offer;
    private bool _hasSaid;
    private bool _overHttp;

    protected override void Race()
    {
        (_canceled, _reported, _offer, _hasSaid, _overHttp) = (null, null, null, false, Random.Chance(0.5));
        _task = Submit();
    }

    protected override void Offered(Offer offer)
    {
        if (offer.Task != _task || _offer is not null) return;

        _offer = offer;
        Say(WireKind.Started, offer);
        var moment = Milliseconds(15, 40);
        // Now and then the word to stop arrives before it is done.
        After(moment + (Random.Chance(0.8) ? Milliseconds(0, 5) : Milliseconds(5, 50)), () => End(offer, WireKind.Succeeded));
        After(moment + Milliseconds(0, 6), () => Ground.Broker.Ask(new CancelTask { Task = _task }, reply => _canceled = reply));
        After(moment, () => When(IsAnswered, Judge, $"the end of {_task}"));
    }

    protected override void Stop(CanceledAttempt attempt)
    {
        if (_offer is not null && attempt.Task == _task) End(_offer, WireKind.Released);
    }

    private void End(Offer offer, string kind)
    {
        if (_hasSaid || offer.Task != _task) return;

        _hasSaid = true;
        if (_overHttp) Say(kind, offer, answer => _reported = answer);
        else Say(kind, offer);
    }

    private bool IsAnswered() => _canceled is not null && (_reported is not null || !_overHttp) && Find(_task) is { IsDone: true };

    private void Judge()
    {
        var state = Find(_task)!.State;
        var cancel = _canceled switch
        {
            TaskChanged changed => changed.State,
            CommandRefused refused => refused.Code,
            var other => $"{other}",
        };
        var agrees = cancel switch
        {
            TaskState.Canceling => state is TaskState.Succeeded or TaskState.Canceled,
            TaskState.Canceled => state == TaskState.Canceled,
            ProblemCode.TaskFinished => state == TaskState.Succeeded,
            _ => false,
        };
        Expect(agrees, $"{_task} is {state}, the person who canceled was told '{cancel}'", _task);
        Expect(!_overHttp || _reported!.State == state, $"{_task} is {state}, its worker was told '{_reported?.State ?? _reported?.Code}'", _task);
        Over($"cancel answered '{cancel}', ended {state}");
    }
}
