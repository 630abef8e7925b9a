using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>What one agent process did, told by its handlers and its network: G1 it never runs more than its slots at once,
/// G2 no attempt twice, G3 it reports what its handlers made of an attempt, and one end only.</summary>
internal sealed class AgentLife(Checker checker, string worker, int slots)
{
    private readonly Dictionary<AttemptName, int> _running = [];
    private readonly Dictionary<AttemptName, RawJson?> _ends = [];
    private readonly Dictionary<AttemptName, string> _said = [];

    public string Worker => worker;

    public void Began(Guid task, int attempt)
    {
        var name = new AttemptName(task, attempt);
        if (_running.ContainsKey(name) || _ends.ContainsKey(name)) Fail("G2", $"{worker} ran attempt {attempt} of {task} twice", task);

        _running[name] = checker.World.HandedIn.TryGetValue(task, out var handedIn) ? handedIn.Cost : 1;
        var used = _running.Values.Sum();
        if (used > slots) Fail("G1", $"{worker} runs {used} with {slots} slots", task);
    }

    /// <param name="result">Null unless it succeeded.</param>
    public void Ended(Guid task, int attempt, RawJson? result)
    {
        _running.Remove(new AttemptName(task, attempt));
        _ends[new AttemptName(task, attempt)] = result;
    }

    /// <summary>Reports are on their way, perhaps again.</summary>
    public void Said(ReportMessage message)
    {
        if (message.Kind is WireKind.Started or WireKind.Progress) return;

        foreach (var report in message.Reports)
        {
            var name = new AttemptName(report.Task, report.Attempt);
            if (_said.TryAdd(name, message.Kind)) Check(name, message.Kind, report);
            else if (_said[name] != message.Kind) Fail("G3", $"{worker} says '{message.Kind}' of {name} after '{_said[name]}'", report.Task);
        }
    }

    public void Listed(InventoryMessage inventory) => checker.Listed(inventory);

    private void Check(AttemptName name, string kind, Report report)
    {
        var hasEnded = _ends.TryGetValue(name, out var result);
        var isTrue = kind switch
        {
            WireKind.Succeeded => result is { } made && made.Utf8.Span.SequenceEqual(report.Result.Utf8.Span),
            WireKind.Failed => hasEnded && result is null,
            _ => result is null,
        };
        if (!isTrue) Fail("G3", $"{worker} says '{kind}' of {name}, which its handler did not do", name.Task);
        checker.Produced(new ProducedReport(worker, name.Task, name.Attempt, report.Token, kind, report.Result.ToArrayOrNull()));
    }

    private void Fail(string rule, string what, Guid task) => checker.World.Report(rule, what, task, worker);

    private readonly record struct AttemptName(Guid Task, int Attempt);
}
