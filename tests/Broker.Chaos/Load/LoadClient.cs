using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Broker.Chaos;

/// <summary>A client that hands in tasks under idempotency keys, tries again whatever is not certain, and writes down both.</summary>
internal sealed class LoadClient(string name, IReadOnlyList<ApiMember> apis, string folder) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private readonly HistoryLog _history = new(folder, name);
    private int _tries;

    /// <summary>Hands it in until it was taken or refused for good; its id, or null.</summary>
    public async Task<Guid?> SubmitAsync(PlannedTask task, CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            var (id, isOver) = await TryAsync(NextApi(), task, cancellationToken);
            if (isOver) return id;
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Reads a task as the API shows it. False if the API could not answer.</summary>
    public async Task<bool> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        var line = new HistoryLine { Op = HistoryOp.Get, Phase = HistoryPhase.Invoke, Task = id };
        _history.Write(line);
        try
        {
            using var response = await NextApi().Http.GetAsync($"v1/tasks/{id}", cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
                _history.Write(line with
                {
                    Phase = HistoryPhase.Ok,
                    State = body.RootElement.GetProperty("state").GetString(),
                    Result = body.RootElement.TryGetProperty("result", out var result) ? result.GetRawText() : null,
                });
                return true;
            }
            _history.Write(line with { Phase = HistoryPhase.Fail, Detail = $"{(int)response.StatusCode}" });
            return response.StatusCode == HttpStatusCode.NotFound;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            _history.Write(line with { Phase = HistoryPhase.Info, Detail = exception.Message });
            return false;
        }
    }

    public void Dispose() => _history.Dispose();

    private ApiMember NextApi() => apis[(int)((uint)Interlocked.Increment(ref _tries) % apis.Count)];

    private async Task<(Guid? Id, bool IsOver)> TryAsync(ApiMember api, PlannedTask task, CancellationToken cancellationToken)
    {
        var line = new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Invoke, Key = task.Key };
        _history.Write(line);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/tasks")
            {
                Content = JsonContent.Create(new { type = task.Type, priority = task.Priority, payload = task.Payload }),
                Headers = { { "Idempotency-Key", task.Key } },
            };
            using var response = await api.Http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                var id = (Guid)JsonNode.Parse(text)!["id"]!;
                _history.Write(line with { Phase = HistoryPhase.Ok, Task = id });
                return (id, true);
            }
            // Any 5xx and 429 may have been taken all the same; another refusal is certain.
            var isRefused = (int)response.StatusCode is >= 400 and < 500 and not 429;
            _history.Write(line with { Phase = isRefused ? HistoryPhase.Fail : HistoryPhase.Info, Detail = $"{(int)response.StatusCode} {text}" });
            return (null, isRefused);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _history.Write(line with { Phase = HistoryPhase.Info, Detail = exception.Message });
            return (null, false);
        }
    }
}
