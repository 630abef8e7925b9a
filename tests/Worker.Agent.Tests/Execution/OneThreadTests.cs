using Broker.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Agent.Tests;

/// <summary>The simulation depends on it: the protocol runs on one thread, in one order, with time that somebody else moves.</summary>
public sealed class OneThreadTests
{
    [Fact]
    public void Lives_a_whole_life_on_one_thread_and_the_same_life_again()
    {
        var first = Live();

        Assert.Equal(first, Live());
        Assert.Contains("succeeded 0", first);
        Assert.Contains("released 3", first);
        Assert.Contains("goodbye", first);
    }

    private static List<string> Live()
    {
        var context = new OneThreadContext();
        var time = new FakeTimeProvider();
        var broker = new MemoryBroker();
        var story = new List<string>();
        var failures = 1;
        broker.OnSend = message =>
        {
            story.Add(message is ReportMessage report ? $"{report.Kind} {string.Join(',', report.Reports.Select(one => one.Task.ToByteArray()[0]))}"
                : $"inventory of {((InventoryMessage)message).Attempts.Count}");
            return message is ReportMessage && failures-- > 0 ? Task.FromException(new IOException("cut")) : Task.CompletedTask;
        };
        using var stopping = new CancellationTokenSource();
        var handlers = new HandlerSet(new Dictionary<string, HandleTask>
        {
            ["sleep"] = async (context, cancellationToken) =>
            {
                var number = context.TaskId.ToByteArray()[0];
                await Task.Delay(TimeSpan.FromSeconds(number == 3 ? 50 : number + 1), time, cancellationToken);
                return null;
            },
        });
        Task<AgentExit>? exit = null;
        context.Do(() => exit = new AgentWorker(broker, handlers, new AgentSettings(new WorkerRegistration { Id = "bot", Slots = 3 }),
            time, new Random(7), NullLogger.Instance).RunAsync(stopping.Token));
        for (byte i = 0; i < 3; i++)
        {
            var number = i;
            context.Do(() => broker.Tell(new OfferMessage { Offers = [Sleep(broker.Session, number)] }));
        }
        context.Do(() => time.Advance(TimeSpan.FromMilliseconds(10)));
        for (var second = 0; second < 100 && !exit!.IsCompleted; second++)
        {
            context.Do(() => time.Advance(TimeSpan.FromSeconds(1)));
            if (second == 10) context.Do(() => broker.Tell(new OfferMessage { Offers = [Sleep(broker.Session, 3)] }));
            if (second == 12) context.Do(stopping.Cancel);
        }

        Assert.Equal(AgentExit.Stopped, exit!.Result);
        Assert.Equal(0, context.Strangers);
        if (broker.SaidGoodbye) story.Add("goodbye");
        return story;
    }

    private static Guid IdOf(byte number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static Offer Sleep(string session, byte number) => new()
    {
        Task = IdOf(number),
        Type = "sleep",
        Priority = 4,
        Pool = "default",
        Attempt = 1,
        Token = $"1-{number + 1}",
        Session = session,
        Epoch = 1,
        Number = number + 1,
        Cost = 1,
        Timeout = "1m",
    };
}
