using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Broker.Agent;

namespace Broker.Bench;

/// <summary>Tasks at a fixed rate over Broker's HTTP API, one a request. The start is when the handler was entered; the end, of one
/// task in so many, when a client that waits for it was told.</summary>
internal sealed class BrokerSteady(BrokerSystem broker, SteadyPlan plan) : IDisposable
{
    private const int WaitsPerSecond = 20;

    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = broker.Address };
    private readonly double[] _due = new double[plan.Rate * (int)plan.Duration.TotalSeconds];
    private readonly double[] _started = new double[plan.Rate * (int)plan.Duration.TotalSeconds];
    private readonly double[] _done = new double[plan.Rate * (int)plan.Duration.TotalSeconds];
    private long _start;

    public async Task<SteadyResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var fleet = await broker.StartFleetHereAsync(Enter, cancellationToken);
        for (var i = 0; i < 500; i++) await SubmitAsync(-1, cancellationToken);

        _start = Stopwatch.GetTimestamp();
        var submissions = new List<Task>(_due.Length);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (submissions.Count < _due.Length)
        {
            for (; submissions.Count < _due.Length && submissions.Count * 1000.0 / plan.Rate <= Now; submissions.Add(SubmitAsync(submissions.Count, cancellationToken)))
                _due[submissions.Count] = submissions.Count * 1000.0 / plan.Rate;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
        // Those of a system that fell behind are not waited for: twice the time is all it gets.
        var submitted = Task.WhenAll(submissions);
        while ((_started.Contains(0) || !submitted.IsCompleted) && Now < 2 * plan.Duration.TotalMilliseconds && !submitted.IsFaulted)
            await timer.WaitForNextTickAsync(cancellationToken);
        if (submitted.IsFaulted) await submitted;
        return Result(Now);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Milliseconds since the first task was due.</summary>
    private double Now => Stopwatch.GetElapsedTime(_start).TotalMilliseconds;

    private SteadyResult Result(double end)
    {
        var waited = Enumerable.Range(0, _due.Length).Where(IsWaited);
        return new SteadyResult(_due.Length,
            Percentiles.Of(_due.Select((due, i) => (_started[i] > 0 ? _started[i] : end) - due)),
            Percentiles.Of(waited.Select(i => (_done[i] > 0 ? _done[i] : end) - _due[i])),
            Undone: _started.Count(started => started == 0));
    }

    private Task Enter(TaskContext context)
    {
        using var payload = JsonDocument.Parse(context.Payload.Utf8);
        if (payload.RootElement.GetProperty("n").GetInt32() is var number and >= 0) _started[number] = Now;
        return Task.CompletedTask;
    }

    private bool IsWaited(int number) => number % Math.Max(1, plan.Rate / WaitsPerSecond) == 0;

    private async Task SubmitAsync(int number, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(NoopTask.JsonOf($$"""{"n":{{number}},"note":"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"}""")));
        content.Headers.ContentType = new("application/json");
        using var answer = await _client.PostAsync("/v1/tasks", content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        if (number < 0 || !IsWaited(number)) return;

        var task = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        using var waited = await _client.GetAsync($"/v1/tasks/{task.GetProperty("id").GetString()}?wait=60s", cancellationToken);
        waited.EnsureSuccessStatusCode();
        _done[number] = Now;
    }
}
