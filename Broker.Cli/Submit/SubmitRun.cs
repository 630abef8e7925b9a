using System.Threading.Channels;

namespace Broker.Cli;

/// <summary>A bulk submission: reads, sends and waits at once, each no further ahead of the next than it must.</summary>
internal sealed class SubmitRun(
    SubmitPlan plan, BrokerClient client, ResultsFile? results, SubmitTally tally, Action<long, string> refuse,
    TimeProvider timeProvider)
{
    /// <summary>How long requests under way may take to end once the run is stopped, so that the count is right.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Perseverance _perseverance = new(plan.RetryFor, timeProvider);
    private readonly Channel<List<SubmitItem>> _batches = Channel.CreateBounded<List<SubmitItem>>(plan.Parallel);
    private readonly Channel<List<Guid>> _submitted = Channel.CreateBounded<List<Guid>>(Math.Max(64, 20_000 / plan.BatchLimit));
    private Exception? _fault;

    /// <summary>Returns once all is done, or stopped; false if the time for waiting was over before.</summary>
    /// <exception cref="CliException">It can't go on; the tally says how far it came.</exception>
    public async Task<bool> RunAsync(IAsyncEnumerable<SubmitItem> items, CancellationToken stop)
    {
        using var abort = new CancellationTokenSource();
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(halt.Token);
        await using var grace = halt.Token.Register(() => abort.CancelAfter(Grace));

        var waiter = new Waiter(client, _perseverance, tally, results, timeProvider);
        var waiting = plan.Wait ? GuardAsync(() => waiter.RunAsync(_submitted.Reader, limit.Token), halt) : Task.CompletedTask;
        await Task.WhenAll(
        [
            GuardAsync(() => ReadAsync(items, halt.Token), halt),
            .. Enumerable.Range(0, plan.Parallel).Select(_ => GuardAsync(() => SendAsync(halt.Token, abort.Token), halt)),
        ]);
        tally.IsComplete = true;
        _submitted.Writer.Complete();
        if (plan.WaitLimit is { } length) limit.CancelAfter(length);
        await waiting;

        if (_fault is not null) throw _fault;
        return halt.IsCancellationRequested || !limit.IsCancellationRequested || tally.Finished == tally.Submitted;
    }

    /// <summary>What one part can't go on from stops the others.</summary>
    private async Task GuardAsync(Func<Task> part, CancellationTokenSource halt)
    {
        try
        {
            await part();
        }
        catch (OperationCanceledException)
        {
            // Stopped, or out of time; the run says which.
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _fault, exception, null);
            await halt.CancelAsync();
        }
    }

    private async Task ReadAsync(IAsyncEnumerable<SubmitItem> items, CancellationToken halt)
    {
        try
        {
            await foreach (var batch in new Batches(plan.BatchLimit, timeProvider).GatherAsync(items, halt))
                await _batches.Writer.WriteAsync(batch, halt);
        }
        finally
        {
            _batches.Writer.Complete();
        }
    }

    private async Task SendAsync(CancellationToken halt, CancellationToken abort)
    {
        var sender = new BatchSender(client, new BatchBody(plan.Template, plan.RunKey), _perseverance, tally, refuse);
        await foreach (var batch in _batches.Reader.ReadAllAsync(halt))
        {
            var ids = await sender.SendAsync(batch, abort);
            if (plan.Wait) await _submitted.Writer.WriteAsync(ids, halt);
        }
    }
}
