namespace Broker.Chaos;

/// <summary>S20: what is set aside is what was planted, and no queue is left over.</summary>
internal static class QueueRules
{
    private const string WorkerMark = ".w.";

    public static void Check(World world)
    {
        var queues = world.History.Queues;
        var errors = queues.Where(queue => queue.Name.EndsWith("_error", StringComparison.Ordinal) || queue.Name.EndsWith("_skipped", StringComparison.Ordinal)).Sum(queue => queue.Messages);
        var quarantined = queues.Where(queue => queue.Name == RecordedQueue.Quarantine).Sum(queue => queue.Messages);
        if (errors != world.Options.PlantedErrors)
            world.Findings.Add("S20", $"_error and _skipped hold {errors} messages, {world.Options.PlantedErrors} were planted");
        if (quarantined != world.Options.PlantedQuarantine)
            world.Findings.Add("S20", $"the quarantine holds {quarantined} messages, {world.Options.PlantedQuarantine} were planted");

        foreach (var queue in queues)
        {
            var mark = queue.Name.IndexOf(WorkerMark, StringComparison.Ordinal);
            if (mark >= 0 && !world.Workers.ContainsKey(queue.Name[(mark + WorkerMark.Length)..]))
                world.Findings.Add("S20", $"queue {queue.Name} belongs to nobody");
            if (queue.Messages > 0 && queue.Name.EndsWith(".submissions", StringComparison.Ordinal))
                world.Findings.Add("S20", $"{queue.Name} still holds {queue.Messages} messages");
        }
    }
}
