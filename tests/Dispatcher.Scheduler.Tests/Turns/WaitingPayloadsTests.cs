using System.Text;
using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class WaitingPayloadsTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void A_task_that_waited_is_offered_with_its_payload_and_nobody_reads_it_back()
    {
        var task = SchedulerBench.ATask() with { Payload = new RawJson("{\"a\":1}"u8.ToArray()) };
        _bench.Turn(_bench.Submission(task));

        _bench.AddWorker("w");

        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(Assert.Single(_bench.OffersSent).Payload.Utf8.Span));
        Assert.Empty(_bench.LastCommit.PayloadsWanted);
    }

    [Fact]
    public void A_second_offer_reads_it_back()
    {
        var task = _bench.Submit();
        _bench.AddWorker("w");

        _bench.Turn(_bench.Report(WireKind.Released, _bench.Task(task)));

        Assert.Equal(2, _bench.OffersSent.Count());
        Assert.Equal([task], _bench.LastCommit.PayloadsWanted);
    }

    [Fact]
    public void Keeps_no_more_than_its_share_of_memory_and_lets_go_of_what_is_taken()
    {
        var payloads = new WaitingPayloads();
        var tasks = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).ToList();
        foreach (var task in tasks) payloads.Add(task, new byte[1024 * 1024]);

        Assert.Equal(31, tasks.Count(task => payloads.TryTake(task, out _)));

        payloads.Add(tasks[99], new byte[1024 * 1024]);
        Assert.True(payloads.TryTake(tasks[99], out _));
    }
}
