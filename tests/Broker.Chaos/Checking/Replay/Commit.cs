namespace Broker.Chaos;

/// <summary>What one turn committed. Its tasks' events come first, then the fleet's; offers were decided after all else.</summary>
internal sealed record Commit(DateTimeOffset At, IReadOnlyList<RecordedTaskEvent> TaskEvents, IReadOnlyList<RecordedFleetEvent> FleetEvents)
{
    /// <summary>Joins what follows each other with the same moment.</summary>
    public static IEnumerable<Commit> Group(RunHistory history)
    {
        var tasks = history.TaskEvents;
        var fleet = history.FleetEvents;
        for (int t = 0, f = 0; t < tasks.Count || f < fleet.Count;)
        {
            var isTask = f == fleet.Count || (t < tasks.Count && tasks[t].Seq < fleet[f].Seq);
            var at = isTask ? tasks[t].At : fleet[f].At;
            var (firstTask, firstFleet) = (t, f);

            while (t < tasks.Count && tasks[t].At == at && !(f < fleet.Count && fleet[f].Seq < tasks[t].Seq)) t++;
            while (f < fleet.Count && fleet[f].At == at && !(t < tasks.Count && tasks[t].Seq < fleet[f].Seq)) f++;
            yield return new Commit(at,
                [.. tasks.Skip(firstTask).Take(t - firstTask)], [.. fleet.Skip(firstFleet).Take(f - firstFleet)]);
        }
    }
}
