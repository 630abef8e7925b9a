using Broker.Contracts;

namespace Broker.Cli;

/// <summary>What has become of a submission so far; written by several tasks at once.</summary>
internal sealed class SubmitTally
{
    private long _submitted;
    private long _refused;
    private long _unconfirmed;
    private long _succeeded;
    private long _dead;
    private long _canceled;

    /// <summary>Taken by the API.</summary>
    public long Submitted => Interlocked.Read(ref _submitted);

    /// <summary>Lines that are no payload, and tasks the API did not take.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Sent without an answer that says whether they are safe.</summary>
    public long Unconfirmed => Interlocked.Read(ref _unconfirmed);

    public long Succeeded => Interlocked.Read(ref _succeeded);
    public long Dead => Interlocked.Read(ref _dead);
    public long Canceled => Interlocked.Read(ref _canceled);
    public long Finished => Succeeded + Dead + Canceled;

    /// <summary>Whether no more tasks will come, so that the rest can be estimated.</summary>
    public bool IsComplete { get; set; }

    public void Submit() => Interlocked.Increment(ref _submitted);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void LeaveUnconfirmed(int count) => Interlocked.Add(ref _unconfirmed, count);

    public void Finish(string state)
    {
        if (state == TaskState.Succeeded) Interlocked.Increment(ref _succeeded);
        else if (state == TaskState.Dead) Interlocked.Increment(ref _dead);
        else Interlocked.Increment(ref _canceled);
    }
}
