using System.Globalization;

namespace Broker.Chaos;

/// <summary>Tells what a run did and what it has shown; the last line is the verdict.</summary>
internal sealed class Report(RunPlan plan, IReadOnlyCollection<FaultRun> faults, CheckResult check, RunEnd end)
{
    public Verdict Verdict =>
        !check.IsGood || !end.HasDrained || Unrepaired.Any() || Exceeded.Any() ? Verdict.Violated
        : Harmless.Any() || faults.Count < plan.Faults.Values.Sum() || !MostWorkersHeldSomething ? Verdict.Invalid
        : Verdict.Valid;

    private IEnumerable<FaultRun> Harmless => faults.Where(fault => !fault.DidBite);

    private IEnumerable<FaultRun> Unrepaired => faults.Where(fault => fault is { DidBite: true, Recovery: null });

    private IEnumerable<string> Exceeded => LeadershipBounds.Of(faults).Where(bound => bound.Times.Max >= bound.Bound).Select(bound => bound.What);

    private FaultRun[] OfWorkers => [.. faults.Where(fault => fault.Category == FaultCategory.Worker)];

    private bool MostWorkersHeldSomething => OfWorkers.Length == 0 || 2 * OfWorkers.Count(fault => fault.Held > 0) > OfWorkers.Length;

    public string Text
    {
        get
        {
            var text = new StringWriter(CultureInfo.InvariantCulture);
            WriteFaults(text);
            WriteLeadership(text);
            WriteTasks(text);
            WriteViolations(text);
            text.WriteLine();
            text.Write(Verdict.ToString().ToUpperInvariant());
            return text.ToString();
        }
    }

    private void WriteFaults(StringWriter text)
    {
        text.WriteLine($"{"fault",-36}{"done",6}{"bit",6}   recovery {"p50",7} {"p95",7} {"max",7}  s");
        foreach (var kind in faults.GroupBy(fault => (fault.Category, fault.Kind)).OrderBy(kind => kind.Key))
            WriteRow(text, $"{kind.Key.Category.ToString().ToLowerInvariant()} {kind.Key.Kind}", [.. kind]);
        foreach (var category in faults.GroupBy(fault => fault.Category).OrderBy(category => category.Key))
            WriteRow(text, $"all of {category.Key.ToString().ToLowerInvariant()}", [.. category]);
        WriteRow(text, "all", [.. faults]);
        if (OfWorkers.Length > 0) text.WriteLine($"{OfWorkers.Count(fault => fault.Held > 0)} of {OfWorkers.Length} worker faults hit one with attempts");
        foreach (var fault in Harmless) text.WriteLine($"did not bite: {fault.Category} {fault.Kind} on {fault.Target}: {fault.Evidence}");
        foreach (var fault in Unrepaired) text.WriteLine($"not repaired within {FaultRun.RecoveryLimit}: {fault.Category} {fault.Kind} on {fault.Target}");
    }

    private static void WriteRow(StringWriter text, string name, FaultRun[] faults)
    {
        // Where nothing was held, nothing had to be taken over.
        var times = new Percentiles(faults.Where(fault => fault.Recovery is not null && (fault.Category != FaultCategory.Worker || fault.Held > 0)).Select(fault => fault.Recovery!.Value));
        text.WriteLine($"{name,-36}{faults.Length,6}{faults.Count(fault => fault.DidBite),6}            "
            + $"{times.At(50).TotalSeconds,7:F2} {times.At(95).TotalSeconds,7:F2} {times.Max.TotalSeconds,7:F2}");
    }

    private void WriteLeadership(StringWriter text)
    {
        text.WriteLine();
        foreach (var (what, bound, times) in LeadershipBounds.Of(faults).Where(bound => bound.Times.Count > 0))
            text.WriteLine($"{what}: another leads after p50 {times.At(50).TotalSeconds:F2}, max {times.Max.TotalSeconds:F2} s of {times.Count} "
                + $"undisturbed; bound {bound.TotalSeconds} s{(times.Max >= bound ? " EXCEEDED" : "")}");
    }

    private void WriteTasks(StringWriter text)
    {
        var seen = check.Statistics;
        text.WriteLine();
        text.WriteLine($"{seen.AcceptedSubmits} tasks answered with 202, {seen.Tasks} recorded: {List(seen.States)}");
        text.WriteLine($"submits with an unknown outcome: {seen.UnknownTaken} taken, {seen.UnknownNotTaken} not");
        text.WriteLine($"executions per task {seen.ExecutionsPerTask:F4}: {List(seen.Executions, " times ")}");
        text.WriteLine($"attempts ended {List(seen.Outcomes)}; {seen.SupersededReports} superseded reports");
        text.WriteLine($"processes that ended by themselves: {List(end.Ends)}");
        text.WriteLine(end.HasDrained ? $"drained in {end.DrainTime.TotalSeconds:F0} s" : $"NOT drained: {end.Open} tasks open");
    }

    private void WriteViolations(StringWriter text)
    {
        text.WriteLine();
        foreach (var violation in check.Violations)
        {
            text.WriteLine($"{violation.Invariant}: {violation.What}");
            foreach (var line in violation.Proof) text.WriteLine($"    {line}");
        }
        text.WriteLine($"violations: {(check.Counts.Count == 0 ? "none" : List(check.Counts))}");
    }

    private static string List<T>(IReadOnlyDictionary<T, int> counts, string between = " ") =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.Select(pair => $"{pair.Key}{between}{pair.Value}"));
}
