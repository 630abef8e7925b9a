using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Broker.SystemTests;

/// <summary>More clients than the API can serve, or clients that only hold on to it.</summary>
[Trait("Kind", "fault")]
public sealed class OverloadTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(6);

    /// <summary>Row 13 of the faults.</summary>
    [Fact]
    public async Task A_flood_of_tasks_is_shed_in_bounded_time_and_operators_are_still_served()
    {
        await using var broker = await ServerBroker.StartAsync();
        broker.StartAgent("bot", slots: 200, "--max-batch", "50");
        using var load = new SubmissionLoad(broker.Api, senders: 3_000, pause: TimeSpan.Zero);
        await load.WaitForAsync(taken: 100);
        var operators = await TimeAsync(() => broker.Api.GetAsync("/v1/pools/default"), TimeSpan.FromSeconds(FullRun.Of(4, 60)));
        await load.StopAsync();

        output.WriteLine($"tasks: {load}, p99 of those taken {load.TakenP99.TotalSeconds:F1} s; operators: {operators.Count} served, slowest {operators.Max().TotalSeconds:F2} s");
        Assert.Equal([], load.Statuses.Except([HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable]));
        Assert.InRange(load.SlowestRefusal, TimeSpan.Zero, Bound);
        Assert.InRange(load.TakenP99, TimeSpan.Zero, Bound);
        Assert.InRange(operators.Max(), TimeSpan.Zero, Bound);
        Assert.All((await broker.Api.WaitForAllAsync(load.Taken, TimeSpan.FromMinutes(FullRun.Of(3, 15)))).Values, state => Assert.Equal("succeeded", state));
    }

    /// <summary>Row 12 of the faults.</summary>
    [Fact]
    public async Task Five_hundred_clients_that_send_a_byte_now_and_then_are_cut_off_and_slow_nobody_down()
    {
        await using var broker = await ServerBroker.StartAsync();
        var quiet = await TimeAsync(() => broker.Api.GetAsync("/v1/pools/default"), TimeSpan.FromSeconds(1));
        var slow = Enumerable.Range(0, 500).Select(i => DripAsync(broker.Address, inBody: i % 2 == 0)).ToList();
        var besides = await TimeAsync(() => broker.Api.GetAsync("/v1/pools/default"), TimeSpan.FromSeconds(3));
        var lives = await Task.WhenAll(slow);

        output.WriteLine($"p99 alone {P99(quiet).TotalMilliseconds:F0} ms, besides them {P99(besides).TotalMilliseconds:F0} ms; cut off after "
            + $"{lives.Min().TotalSeconds:F1}–{lives.Max().TotalSeconds:F1} s");
        Assert.InRange(P99(besides), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.InRange(lives.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }

    /// <summary>Sends a byte every half second until it is cut off; how long it lived.</summary>
    private static async Task<TimeSpan> DripAsync(Uri address, bool inBody)
    {
        var watch = Stopwatch.StartNew();
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        var head = "POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n" + (inBody ? "\r\n{" : "X: ");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        var cut = stream.ReadAtLeastAsync(new byte[4_096], 4_096, throwOnEndOfStream: false).AsTask();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        while (!cut.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(60) && await timer.WaitForNextTickAsync())
        {
            try
            {
                await stream.WriteAsync(" "u8.ToArray());
            }
            catch (IOException)
            {
                break;
            }
        }
        return watch.Elapsed;
    }

    private static async Task<ConcurrentBag<TimeSpan>> TimeAsync(Func<Task> ask, TimeSpan length)
    {
        var times = new ConcurrentBag<TimeSpan>();
        var whole = Stopwatch.StartNew();
        while (whole.Elapsed < length)
        {
            var watch = Stopwatch.StartNew();
            await ask();
            times.Add(watch.Elapsed);
        }
        return times;
    }

    private static TimeSpan P99(ConcurrentBag<TimeSpan> times) => times.Order().ElementAt(times.Count * 99 / 100);
}
