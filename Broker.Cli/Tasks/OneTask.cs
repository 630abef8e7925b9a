using Broker.Contracts;

namespace Broker.Cli;

/// <summary>Waits for a single task and shows it.</summary>
internal sealed class OneTask(BrokerClient client, Perseverance perseverance, TimeProvider timeProvider)
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(30);

    /// <param name="limit">Null for as long as it takes.</param>
    /// <returns>0 if it succeeded, 1 if not, 124 if the time was over first.</returns>
    public async Task<int> WaitAndShowAsync(string id, TimeSpan? limit, Screen screen, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        while (true)
        {
            var left = limit - timeProvider.GetElapsedTime(started) ?? Slice;
            var wait = left < TimeSpan.Zero ? TimeSpan.Zero : left < Slice ? left : Slice;
            var answer = await perseverance.RunAsync(() => AskAsync(id, wait, cancellationToken), cancellationToken);
            var state = answer.Read(ClientJson.Default.TaskInfo).State;
            if (!TaskState.IsFinished(state) && left > wait) continue;
            if (!TaskState.IsFinished(state) && limit is null) continue;

            screen.Show(answer, ClientJson.Default.TaskInfo, TaskTables.One);
            if (state == TaskState.Succeeded) return ExitCode.Ok;
            return TaskState.IsFinished(state) ? ExitCode.TaskFailed : ExitCode.TimedOut;
        }
    }

    private Task<ApiAnswer> AskAsync(string id, TimeSpan wait, CancellationToken cancellationToken) => client.SendAsync(
        HttpMethod.Get, $"v1/tasks/{Uri.EscapeDataString(id)}?wait={wait.TotalMilliseconds:F0}ms", null, null, wait, cancellationToken);
}
