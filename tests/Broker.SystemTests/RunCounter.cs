using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Broker.SystemTests;

/// <summary>The outside world as workers see it: each run of a task of type <c>http.get</c> is one request here.</summary>
internal sealed class RunCounter : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _runs = new();
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunCounter(WebApplication app) => _app = app;

    /// <summary>How often each address was asked for.</summary>
    public IReadOnlyDictionary<string, int> Runs => _runs;

    public static async Task<RunCounter> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var counter = new RunCounter(builder.Build());
        counter._app.MapGet("/{name}", async (string name, HttpContext context) =>
        {
            counter._runs.AddOrUpdate(name, 1, (_, runs) => runs + 1);
            await counter._answer.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await counter._app.StartAsync();
        return counter;
    }

    /// <summary>Lets all runs end, those to come too.</summary>
    public void Answer() => _answer.TrySetResult();

    /// <summary>A task of its own.</summary>
    public object TaskOf(string pool, int number) => new { type = "http.get", pool, payload = new { url = $"{_app.Urls.Single()}/{number}" } };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
