using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Broker.Agent;

namespace Broker.Bench;

/// <summary>Single tasks of the highest priority, each sent when the one before is done, for workers in this process.</summary>
internal sealed class UrgentTasks : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly byte[] _body;
    private readonly TimeSpan _others;
    private FleetHere? _fleet;
    private long _entered;

    private UrgentTasks(BrokerSystem broker, string key, string value, TimeSpan others)
    {
        _others = others;
        _client = new HttpClient { BaseAddress = broker.Address };
        _body = Encoding.UTF8.GetBytes($$"""{"type":"echo","payload":{"urgent":true},"priority":9,"requires":{"{{key}}":"{{value}}"} }""");
    }

    /// <param name="label">Of the workers, required by the tasks.</param>
    /// <param name="others">What other tasks take in the mean; zero: no-ops.</param>
    public static async Task<UrgentTasks> StartAsync(BrokerSystem broker, string label, TimeSpan others, CancellationToken cancellationToken)
    {
        var urgent = new UrgentTasks(broker, label.Split('=')[0], label.Split('=')[1], others);
        urgent._fleet = await broker.StartFleetHereAsync(ScalePlan.Fleet with { Label = label }, urgent.WorkAsync, cancellationToken);
        await urgent.WaitAsync(cancellationToken);
        return urgent;
    }

    public async Task<UrgentMs> RunAsync(int count, CancellationToken cancellationToken)
    {
        var waits = new double[count];
        for (var i = 0; i < count; i++) waits[i] = await WaitAsync(cancellationToken);
        return new UrgentMs(new Samples(waits).Median, waits.Max());
    }

    public async ValueTask DisposeAsync()
    {
        if (_fleet is not null) await _fleet.DisposeAsync();
        _client.Dispose();
    }

    /// <summary>Milliseconds from the request until the handler was entered.</summary>
    private async Task<double> WaitAsync(CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(_body);
        content.Headers.ContentType = new("application/json");
        var sent = Stopwatch.GetTimestamp();
        using var answer = await _client.PostAsync("/v1/tasks?wait=30s", content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(sent, Volatile.Read(ref _entered)).TotalMilliseconds;
    }

    private Task WorkAsync(TaskContext context)
    {
        using var payload = JsonDocument.Parse(context.Payload.Utf8);
        if (!payload.RootElement.TryGetProperty("urgent", out _)) return Task.Delay(_others * 2 * Random.Shared.NextDouble(), TimeProvider.System);

        Volatile.Write(ref _entered, Stopwatch.GetTimestamp());
        return Task.CompletedTask;
    }
}
