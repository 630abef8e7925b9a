using Broker.Contracts;

namespace Broker.Storage.Tests;

/// <summary>A leader that commits what a test puts into its turns.</summary>
internal sealed class Leader(ISchedulerStore store, Leadership leadership) : IAsyncDisposable
{
    public int Epoch => leadership.Epoch;
    public long Turn { get; private set; } = leadership.Turn;
    public Counters Counters { get; set; } = leadership.Counters;

    public static async Task<Leader> AcquireAsync(ISchedulerStore store)
    {
        var leadership = await store.AcquireAsync("test", TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        Assert.NotNull(leadership);
        return new Leader(store, leadership);
    }

    public async Task<TurnReceipt> CommitAsync(Action<TurnCommit>? fill = null)
    {
        var commit = Next(fill);
        var receipt = await store.CommitAsync(commit, TestContext.Current.CancellationToken);
        Turn = commit.Turn;
        return receipt;
    }

    public TurnCommit Next(Action<TurnCommit>? fill = null)
    {
        var commit = new TurnCommit { Epoch = Epoch, Turn = Turn + 1, Counters = Counters };
        fill?.Invoke(commit);
        return commit;
    }

    public async Task<TaskRecord?> LoadAsync(Guid id)
    {
        var state = await store.LoadAsync(Epoch, TestContext.Current.CancellationToken);
        return state.Tasks.SingleOrDefault(task => task.Id == id);
    }

    public ValueTask DisposeAsync() => store.ReleaseAsync(Epoch, CancellationToken.None);

    public static TaskEventRecord Event(long seq, Guid task, DateTimeOffset at) => new(seq, task, at,
        [new TaskTransition { Event = "offered", State = TaskState.Offered, Attempt = 1, Worker = "w", Load = 0.25, Eligible = 3 }]);
}
