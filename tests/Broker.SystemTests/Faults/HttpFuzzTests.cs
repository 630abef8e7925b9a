using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Broker.SystemTests;

/// <summary>Whatever comes over HTTP is answered, and never with a server error.</summary>
public sealed class HttpFuzzTests(ITestOutputHelper output)
{
    private const int Senders = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A failure names the seed and the request: <c>BROKER_TEST_SEED</c> repeats it.</summary>
    [Fact]
    public async Task Fuzzed_requests_of_every_route_bring_no_server_error_no_crash_and_no_growth()
    {
        var count = FullRun.Of(5_000, 100_000);
        var seed = int.TryParse(Environment.GetEnvironmentVariable("BROKER_TEST_SEED"), out var given) ? given : 1;
        await using var broker = await ServerBroker.StartAsync();
        var fuzzer = new HttpFuzzer(await broker.Api.GetAsync("/openapi/v1.json"), await SeedAsync(broker), seed);

        await FuzzAsync(broker, fuzzer, seed, 0, count / 5);
        var before = await Memory.OfAsync(broker.ApiProcess);
        var watch = Stopwatch.StartNew();
        var statuses = await FuzzAsync(broker, fuzzer, seed, count / 5, count);
        var after = await Memory.OfAsync(broker.ApiProcess);

        output.WriteLine($"{count} requests, {count * 4 / 5 / watch.Elapsed.TotalSeconds:F0}/s; the API's memory {before} MiB, then {after} MiB; "
            + string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}")));
        Assert.True(after < before + 200, $"The API grew from {before} to {after} MiB.");
        await StillWorksAsync(broker);
    }

    private static async Task<ConcurrentDictionary<int, int>> FuzzAsync(ServerBroker broker, HttpFuzzer fuzzer, int seed, int from, int to)
    {
        var statuses = new ConcurrentDictionary<int, int>();
        var failures = new ConcurrentQueue<string>();
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            using var http = new RawHttp(broker.Address);
            while (Interlocked.Increment(ref next) is var number && number < to)
            {
                var (request, isRaw) = fuzzer.Make(number);
                var (status, answer) = await http.SendAsync(request, isRaw);
                if (status is >= 500 and not 501 and not 505 || (status == 0 && !isRaw))
                    failures.Enqueue($"Seed {seed}, request {number}:\n{Shown(request)}\n\n{answer}\n");
                statuses.AddOrUpdate(status, 1, (_, seen) => seen + 1);
            }
        }));
        Assert.True(failures.IsEmpty, $"{failures.Count} failures, among them:\n{string.Join("\n---\n", failures.Take(10))}\n{broker.Output}");
        return statuses;
    }

    /// <summary>A finished task, a waiting one, a dead one and a worker: something for each route to find.</summary>
    private static async Task<List<string>> SeedAsync(ServerBroker broker)
    {
        var api = broker.Api;
        var bot = await HttpBot.RegisterAsync(api, "fuzz-worker", "default", new { types = new[] { "sleep" } });
        var done = await api.SubmitAsync(new { type = "sleep" });
        await bot.SucceedAsync(await bot.StartNextAsync());
        var running = await api.SubmitAsync(new { type = "sleep" });
        await bot.StartNextAsync();
        return [done, running, await api.SubmitAsync(new { type = "nobody" }), bot.Id, "default"];
    }

    private static async Task StillWorksAsync(ServerBroker broker)
    {
        Assert.Equal((false, false), (broker.ApiProcess.HasExited, (await broker.LeaderAsync()).HasExited));
        await broker.Api.PutAsync("/v1/pools/after", new { });
        broker.StartAgent("after-fuzz", 1, "--pool", "after");
        var id = await broker.Api.SubmitAsync(new { type = "echo", pool = "after" });
        await broker.Api.WaitForStateAsync(id, "succeeded", Patience);
    }

    private static string Shown(byte[] request) => Encoding.Latin1.GetString(request, 0, Math.Min(request.Length, 2_000));
}
