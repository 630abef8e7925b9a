using System.Text.Json.Nodes;

namespace Broker.SystemTests;

/// <summary>A step of a task as its events tell it.</summary>
internal sealed record RecordedStep(string Task, DateTimeOffset At, string Event, string? Worker, double? Load, int? Eligible, long? Offer)
{
    public static RecordedStep Of(string task, JsonNode step) => new(task, (DateTimeOffset)step["at"]!, (string)step["event"]!,
        (string?)step["worker"], (double?)step["load"], (int?)step["eligible"], (long?)step["offer"]);
}

/// <summary>Plays the recorded events of a pool again, and holds every offer against the rule.</summary>
internal static class LeastLoadReplay
{
    /// <summary>Fails unless each offer went to a worker with room than which no other one with room had less load.</summary>
    /// <param name="slots">Of every worker; all there all the time, able to run everything their slots have room for.</param>
    /// <returns>The number of offers.</returns>
    public static int Check(IReadOnlyDictionary<string, int> slots, IReadOnlyDictionary<string, int> costs, IEnumerable<RecordedStep> steps)
    {
        var used = slots.Keys.ToDictionary(worker => worker, _ => 0);
        var offers = 0;
        // All steps of a turn have one moment: what ended in it made room before its offers were decided, one by one.
        foreach (var turn in steps.GroupBy(step => step.At).OrderBy(turn => turn.Key))
        {
            foreach (var ended in turn.Where(step => step.Event == "attempt-ended")) used[ended.Worker!] -= costs[ended.Task];
            foreach (var offer in turn.Where(step => step.Event == "offered").OrderBy(step => step.Offer))
            {
                var cost = costs[offer.Task];
                var loads = slots.Where(worker => used[worker.Key] + cost <= worker.Value)
                    .ToDictionary(worker => worker.Key, worker => (double)used[worker.Key] / worker.Value);
                Assert.True(loads.TryGetValue(offer.Worker!, out var load), $"Offer {offer.Offer}: {offer.Worker} had no room.");
                Assert.True(load <= loads.Values.Min(), $"Offer {offer.Offer} went to {offer.Worker} of {string.Join(", ", loads)}.");
                Assert.Equal(load, offer.Load);
                Assert.InRange(offer.Eligible!.Value, loads.Count, slots.Count);
                used[offer.Worker!] += cost;
                offers++;
            }
        }
        return offers;
    }
}
