namespace Broker.Scheduler.Tests;

/// <summary>Somebody who sent a command.</summary>
internal sealed class Asker : IReply
{
    /// <summary>Null until answered.</summary>
    public object? Answered { get; private set; }

    public void Answer(object reply)
    {
        Assert.Null(Answered);
        Answered = reply;
    }

    public void Abandon() => Assert.Fail("The command was abandoned.");
}
