using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Broker.Chaos;

/// <summary>Clients that hand in the planned tasks when their time comes, and read all of them at the end.</summary>
internal sealed class LoadRun(RunPlan plan, IReadOnlyList<ApiMember> apis) : IDisposable
{
    private const int ClientCount = 8;
    private readonly List<LoadClient> _clients =
        [.. Enumerable.Range(0, ClientCount).Select(number => new LoadClient($"client-{number + 1}", [.. apis.Skip(number % apis.Count), .. apis.Take(number % apis.Count)], plan.Folder))];

    private readonly ConcurrentBag<Guid> _taken = [];

    /// <summary>Ids that were answered with 202.</summary>
    public IReadOnlyCollection<Guid> Taken => _taken;

    /// <summary>Until every task was taken or refused.</summary>
    public async Task SubmitAllAsync(CancellationToken cancellationToken)
    {
        var due = Channel.CreateUnbounded<PlannedTask>();
        await Task.WhenAll([PaceAsync(due.Writer, cancellationToken), .. _clients.Select(client => Task.Run(async () =>
        {
            await foreach (var task in due.Reader.ReadAllAsync(cancellationToken))
                if (await client.SubmitAsync(task, cancellationToken) is { } id) _taken.Add(id);
        }, cancellationToken))]);
    }

    /// <summary>Reads every task once through the API, trying again while it can't answer.</summary>
    public async Task GetAllAsync(CancellationToken cancellationToken)
    {
        var open = new ConcurrentQueue<Guid>(_taken);
        await Task.WhenAll(_clients.Select(client => Task.Run(async () =>
        {
            while (open.TryDequeue(out var id))
                for (var tries = 0; tries < 10 && !await client.GetAsync(id, cancellationToken); tries++)
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        }, cancellationToken)));
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }

    private async Task PaceAsync(ChannelWriter<PlannedTask> due, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        foreach (var task in LoadPlan.Of(plan))
        {
            var wait = task.At - TimeProvider.System.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, TimeProvider.System, cancellationToken);
            due.TryWrite(task);
        }
        due.Complete();
    }
}
