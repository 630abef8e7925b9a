using System.Net;
using System.Text;
using System.Text.Json;
using Broker.TestKit;

namespace Broker.Bench;

/// <summary>A burst over Broker's HTTP API. What it refuses, as a process that is just starting may, does not count.</summary>
/// <param name="lastFinished">When the last task was recorded as done, from the database.</param>
internal sealed class BrokerBurst(Uri address, BurstPlan plan, Func<CancellationToken, Task<DateTimeOffset>> lastFinished)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private int _left = plan.Tasks;

    public async Task<BurstResult> RunAsync(CancellationToken cancellationToken)
    {
        var before = await FinishedAsync(cancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = plan.Connections }) { BaseAddress = address };
        var start = TimeProvider.System.GetUtcNow();
        var accepted = (await Task.WhenAll(Enumerable.Range(0, plan.Connections).Select(_ => SubmitAsync(client, cancellationToken)))).Sum();
        var submitted = TimeProvider.System.GetUtcNow();
        await Eventually.Async(() => FinishedAsync(cancellationToken), count => count >= before + accepted, "all tasks are done", Patience);
        var end = await lastFinished(cancellationToken);
        return new BurstResult(accepted, (end - start).TotalSeconds, (submitted - start).TotalSeconds);
    }

    /// <summary>How many were accepted.</summary>
    private async Task<int> SubmitAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var accepted = 0;
        var path = plan.Batch == 1 ? "/v1/tasks" : "/v1/tasks/batch";
        var body = Encoding.UTF8.GetBytes(plan.Batch == 1 ? NoopTask.Json : $"{{\"tasks\":[{string.Join(',', Enumerable.Repeat(NoopTask.Json, plan.Batch))}]}}");
        while (Interlocked.Add(ref _left, -plan.Batch) >= 0)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            using var answer = await client.PostAsync(path, content, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) continue;
            answer.EnsureSuccessStatusCode();
            accepted += plan.Batch == 1 ? 1 : (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).AsSpan().Count("\"status\":202"u8);
        }
        return accepted;
    }

    private async Task<long> FinishedAsync(CancellationToken cancellationToken)
    {
        var text = await Http.TryGetAsync(new Uri(address, "/v1/stats"), cancellationToken);
        if (text is null) return 0;
        using var stats = JsonDocument.Parse(text);
        return stats.RootElement.GetProperty("tasks").TryGetProperty("succeeded", out var count) ? count.GetInt64() : 0;
    }
}
