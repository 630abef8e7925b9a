using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Many producers that each hand in one task after the other, and do not mind a refusal.</summary>
public sealed class SubmissionLoad : IDisposable
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<HttpStatusCode, int> _counts = new();
    private readonly ConcurrentQueue<string> _taken = new();
    private readonly ConcurrentQueue<TimeSpan> _refusals = new();
    private readonly ConcurrentQueue<TimeSpan> _takes = new();
    private readonly Task[] _senders;

    /// <param name="pause">Between two of one producer; after a refusal at least <see cref="RefusedPause"/>.</param>
    public SubmissionLoad(ApiClient api, int senders, TimeSpan? pause = null) =>
        _senders = [.. Enumerable.Range(0, senders).Select(_ => SendAsync(api, pause ?? TimeSpan.FromSeconds(1)))];

    /// <summary>Ids answered with 202.</summary>
    public IReadOnlyCollection<string> Taken => _taken;

    public IEnumerable<HttpStatusCode> Statuses => _counts.Keys;

    public int RefusedCount => _refusals.Count;

    public TimeSpan SlowestRefusal => _refusals.DefaultIfEmpty().Max();

    public TimeSpan TakenP99 => _takes.Order().ElementAt(_takes.Count * 99 / 100);

    public Task WaitForAsync(int taken) => Eventually.Async(
        () => Task.FromResult(_taken.Count), count => count >= taken, $"{taken} tasks taken", TimeSpan.FromSeconds(60));

    /// <summary>Completes when the last answer is there.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_senders);
    }

    public override string ToString() => string.Join(", ", _counts.OrderBy(count => count.Key).Select(count => $"{(int)count.Key}: {count.Value}"))
        + $", slowest refusal {SlowestRefusal.TotalSeconds:F1} s";

    public void Dispose() => _stop.Dispose();

    private async Task SendAsync(ApiClient api, TimeSpan pause)
    {
        while (!_stop.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            using var response = await api.Http.PostAsJsonAsync("/v1/tasks", new { type = "echo" });
            _counts.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                _takes.Enqueue(watch.Elapsed);
                _taken.Enqueue((string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["id"]!);
                await Task.Delay(pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                _refusals.Enqueue(watch.Elapsed);
                Assert.True(response.Headers.RetryAfter is not null, $"{response.StatusCode} without Retry-After");
                await Task.Delay(pause > RefusedPause ? pause : RefusedPause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
