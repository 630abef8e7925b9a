using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Broker.SystemTests;

/// <summary>A worker that tells its progress without end.</summary>
[Trait("Kind", "fault")]
public sealed class ReportStormTests(SharedServer server, ITestOutputHelper output) : PoolTests(server)
{
    private const int ReportsPerMessage = 100;
    private const int MessagesPerSecond = 100;

    /// <summary>Row 23 of the faults.</summary>
    [Fact]
    public async Task Ten_thousand_progress_reports_a_second_delay_no_dispatch()
    {
        var bot = await BotAsync("talker", new { types = new[] { "talk" } });
        var talking = await SubmitAsync(new { type = "talk" });
        var given = await bot.StartNextAsync();
        StartAgent("bot");
        await RunOneAsync();

        var storm = StormAsync(bot, given, TimeSpan.FromSeconds(FullRun.Of(4, 60)));
        var times = new List<TimeSpan>();
        while (!storm.IsCompleted) times.Add(await RunOneAsync());
        var sent = await storm;

        times.Sort();
        output.WriteLine($"{sent} reports; {times.Count} tasks meanwhile, from submission to end p50 {times[times.Count / 2].TotalMilliseconds:F0} ms, "
            + $"p95 {times[times.Count * 95 / 100].TotalMilliseconds:F0} ms");
        Assert.InRange(times[times.Count * 95 / 100], TimeSpan.Zero, TimeSpan.FromSeconds(2));
        await bot.SucceedAsync(given);
        Assert.Equal("succeeded", await Api.StateOfAsync(talking));
    }

    private async Task<TimeSpan> RunOneAsync()
    {
        var watch = Stopwatch.StartNew();
        var task = await Api.PostAsync("/v1/tasks?wait=30s", new { type = "echo", pool = Pool });
        Assert.Equal("succeeded", (string)task["state"]!);
        return watch.Elapsed;
    }

    private async Task<int> StormAsync(HttpBot bot, Given given, TimeSpan length)
    {
        await using var tap = await RabbitTap.ConnectAsync();
        var report = new { task = given.Task, attempt = given.Attempt, token = given.Token, message = "on my way" };
        var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            v = 1,
            kind = "progress",
            worker = bot.Id,
            session = bot.Session,
            reports = Enumerable.Repeat(report, ReportsPerMessage),
        }));
        var (sent, watch) = (0, Stopwatch.StartNew());
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / MessagesPerSecond), TimeProvider.System);
        while (watch.Elapsed < length && await timer.WaitForNextTickAsync())
        {
            await tap.PublishAsync("", Broker.Queues.Reports, body, "application/json");
            sent += ReportsPerMessage;
        }
        return sent;
    }
}
