using Hangfire;

namespace Broker.Bench.Peers;

/// <summary>Enqueues one job a call, as its free edition has no other way; a call blocks its thread.</summary>
internal sealed class HangfireLoad : ILoad
{
    private const int Callers = 100;

    private readonly SemaphoreSlim _callers = new(Callers);
    private readonly BackgroundJobClient _client;

    public HangfireLoad(BackgroundJobClient client)
    {
        _client = client;
        ThreadPool.SetMinThreads(Callers + Environment.ProcessorCount, Environment.ProcessorCount);
    }

    public bool TakesBatches => false;

    public async Task SubmitAsync(IReadOnlyList<NoopTask> tasks)
    {
        await _callers.WaitAsync();
        try
        {
            await Task.Run(() => _client.Enqueue(() => NoopJob.Run(tasks[0])));
        }
        finally
        {
            _callers.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _callers.Dispose();
        return ValueTask.CompletedTask;
    }
}
