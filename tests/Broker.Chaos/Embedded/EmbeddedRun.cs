using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Broker.Chaos;

/// <summary>A run against <c>broker dev</c>: kill -9 again and again, at random moments, while clients hand in tasks.</summary>
internal sealed class EmbeddedRun(RunPlan plan, Action<string> say)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);
    private readonly List<FaultRun> _faults = [];

    public async Task<Report> RunAsync(CancellationToken cancellationToken)
    {
        await RunFolder.PrepareAsync(plan, Enumerable.Range(1, EmbeddedBroker.Workers).Select(number => $"dev-{number}"), cancellationToken);
        say($"seed {plan.Seed}: {plan.Tasks} tasks and {plan.Faults.Values.Sum()} kills in {plan.Duration} or more; files in {plan.Folder}");

        RunEnd end;
        await using (var broker = new EmbeddedBroker(plan))
        {
            await broker.StartAsync();
            using var history = new HistoryLog(plan.Folder, "nemesis");
            using var probes = new Probes(plan, [broker.Api]);
            using var load = new LoadRun(plan, [broker.Api]);
            await using var lag = new MachineLag();
            var context = new FaultContext(plan, null, history, probes, lag);
            await Task.WhenAll(load.SubmitAllAsync(cancellationToken), KillAsync(broker, context, cancellationToken));

            end = await DrainAsync(broker.Api, [.. load.Taken, .. probes.Taken], cancellationToken);
            say(end.HasDrained ? "drained" : $"{end.Open} tasks are still open");
            await load.GetAllAsync(cancellationToken);
            await Task.Delay(Settling, TimeProvider.System, cancellationToken);
            await broker.StopAsync();
            await SqliteExport.WriteAsync(plan.Folder, broker.Data);
        }
        return await RunFolder.JudgeAsync(plan, _faults, end);
    }

    private async Task KillAsync(EmbeddedBroker broker, FaultContext context, CancellationToken cancellationToken)
    {
        var random = new Random(plan.Seed);
        var count = plan.Faults[FaultCategory.Embedded];
        var pause = plan.Duration / count;
        var api = broker.Api;
        for (var number = 1; number <= count && !cancellationToken.IsCancellationRequested; number++)
        {
            await Task.Delay(random.NextDouble() * pause, TimeProvider.System, cancellationToken);
            var run = new FaultRun(context, FaultCategory.Embedded, "kill", random.Next());
            _faults.Add(run);
            run.Begin(api.Member.Name);
            run.Bite(await api.Member.KillAsync(), "killed");
            api.Member.Start();
            run.Healed();
            var taken = context.Probes.SubmitAsync(api);
            await run.RecoverAsync(() => taken.IsCompletedSuccessfully);
            if (number % 10 == 0) say($"{number} kills");
        }
    }

    /// <summary>Asks until all have finished.</summary>
    private async Task<RunEnd> DrainAsync(ApiMember api, HashSet<Guid> open, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (open.Count > 0 && TimeProvider.System.GetElapsedTime(since) < plan.DrainLimit)
        {
            using var response = await api.Http.PostAsJsonAsync("v1/tasks/wait", new { ids = open.Take(1_000), timeout = "5s" }, cancellationToken);
            response.EnsureSuccessStatusCode();
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
            foreach (var item in answer["items"]!.AsArray()) open.Remove((Guid)item!["id"]!);
        }
        return new RunEnd(open.Count, TimeProvider.System.GetElapsedTime(since), new Dictionary<string, int>());
    }
}
