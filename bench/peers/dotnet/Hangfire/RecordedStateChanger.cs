using Hangfire.States;

namespace Broker.Bench.Peers;

/// <summary>Notes a success once its transaction is committed.</summary>
internal sealed class RecordedStateChanger(IBackgroundJobStateChanger inner, Tally tally) : IBackgroundJobStateChanger
{
    public IState ChangeState(StateChangeContext context)
    {
        var state = inner.ChangeState(context);
        if (state is SucceededState { Result: NoopTask task }) tally.Add(new TallyRecord(task.Due, task.Start, Clock.Now));
        return state;
    }
}
