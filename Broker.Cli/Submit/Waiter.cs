using System.Text.Json;
using System.Threading.Channels;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>Learns which submitted tasks have finished, however many there are, and each once.</summary>
/// <remarks>It waits on the oldest thousand, which finish next as a rule, and meanwhile looks through the others a
/// thousand at a time, so that tasks overtaking a stuck one are seen too.</remarks>
internal sealed class Waiter(
    BrokerClient client, Perseverance perseverance, SubmitTally tally, ResultsFile? results, TimeProvider timeProvider)
{
    /// <summary>Beyond this many, submitting waits: what we remember stays bounded (30 MB).</summary>
    public const int OutstandingLimit = 500_000;

    /// <summary>Patience with the oldest while others, or new ones, want to be looked at.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(30);

    private readonly Outstanding _outstanding = new();

    /// <summary>Ends when the channel has and all have finished.</summary>
    public async Task RunAsync(ChannelReader<List<Guid>> submitted, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_outstanding.Count < OutstandingLimit && submitted.TryRead(out var ids)) ids.ForEach(_outstanding.Add);
            if (_outstanding.Count > 0) await AskAsync(submitted.Completion.IsCompleted, cancellationToken);
            else if (!await submitted.WaitToReadAsync(cancellationToken)) return;
        }
    }

    private async Task AskAsync(bool isComplete, CancellationToken cancellationToken)
    {
        var front = _outstanding.TakeFront(Limits.BatchCount);
        var others = front.Count == _outstanding.Count ? [] : _outstanding.TakeNextBehind(front, Limits.BatchCount);
        var finished = await Task.WhenAll(
            AskAsync(front, isComplete && others.Count == 0 ? LongWait : ShortWait, cancellationToken),
            AskAsync(others, TimeSpan.Zero, cancellationToken));
        await TakeAsync([.. finished.SelectMany(tasks => tasks).Where(task => _outstanding.Remove(task.Id))]);

        // Each call costs the API a read of all it names; with many outstanding, some should finish in between.
        if (_outstanding.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(front.Count / 10), timeProvider, cancellationToken);
    }

    private async Task<List<TaskInfo>> AskAsync(List<Guid> ids, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];

        var body = JsonSerializer.SerializeToUtf8Bytes(
            new WaitRequest(ids, Durations.Format(wait)), ClientJson.Default.WaitRequest);
        var answer = await perseverance.RunAsync(
            () => client.SendAsync(HttpMethod.Post, "v1/tasks/wait", body, null, wait, cancellationToken), cancellationToken);
        return answer.Read(ClientJson.Default.PageTaskInfo).Items;
    }

    private async Task TakeAsync(List<TaskInfo> finished)
    {
        if (finished.Count == 0) return;

        if (results is not null) await results.WriteAsync(finished);
        foreach (var task in finished) tally.Finish(task.State);
    }
}
