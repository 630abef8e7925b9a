using System.Text;
using System.Text.Json;
using Broker.TestKit;

namespace Broker.Bench;

/// <summary>A burst over Broker's HTTP API.</summary>
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
        await Task.WhenAll(Enumerable.Range(0, plan.Connections).Select(_ => SubmitAsync(client, cancellationToken)));
        var submitted = TimeProvider.System.GetUtcNow();
        await Eventually.Async(() => FinishedAsync(cancellationToken), count => count >= before + plan.Tasks, "all tasks are done", Patience);
        var end = await lastFinished(cancellationToken);
        return new BurstResult(plan.Tasks, (end - start).TotalSeconds, (submitted - start).TotalSeconds);
    }

    private async Task SubmitAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var path = plan.Batch == 1 ? "/v1/tasks" : "/v1/tasks/batch";
        var body = Encoding.UTF8.GetBytes(plan.Batch == 1 ? NoopTask.Json : $"{{\"tasks\":[{string.Join(',', Enumerable.Repeat(NoopTask.Json, plan.Batch))}]}}");
        while (Interlocked.Add(ref _left, -plan.Batch) >= 0)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            using var answer = await client.PostAsync(path, content, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private async Task<long> FinishedAsync(CancellationToken cancellationToken)
    {
        var text = await Http.TryGetAsync(new Uri(address, "/v1/stats"), cancellationToken);
        if (text is null) return 0;
        using var stats = JsonDocument.Parse(text);
        return stats.RootElement.GetProperty("tasks").TryGetProperty("succeeded", out var count) ? count.GetInt64() : 0;
    }
}
