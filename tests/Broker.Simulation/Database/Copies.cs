using System.Reflection;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>Copies of what the product changes in place: what is in the database must not follow its memory.</summary>
internal static class Copies
{
    // All fields, also those added later.
    private static readonly Func<object, object> ShallowCopy = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    public static TaskRecord Copy(this TaskRecord task) => (TaskRecord)ShallowCopy(task);

    /// <summary>A copy with one field that the product never changes.</summary>
    public static TaskRecord With(this TaskRecord task, string property, object value)
    {
        var copy = task.Copy();
        typeof(TaskRecord).GetProperty(property)!.SetValue(copy, value);
        return copy;
    }

    public static TurnCommit Copy(this TurnCommit commit)
    {
        var copy = new TurnCommit
        {
            Epoch = commit.Epoch,
            Turn = commit.Turn,
            Counters = commit.Counters,
            Totals = commit.Totals,
            Stats = commit.Stats,
        };
        foreach (var (task, payload) in commit.Inserted) copy.Inserted.Add((task.Copy(), payload));
        foreach (var task in commit.Updated) copy.Updated.Add(task.Copy());
        foreach (var task in commit.Revived) copy.Revived.Add(task.Copy());
        foreach (var finished in commit.Finished) copy.Finished.Add(finished with { Task = finished.Task.Copy() });
        foreach (var happened in commit.TaskEvents) copy.TaskEvents.Add(happened with { Transitions = [.. happened.Transitions] });
        copy.FleetEvents.AddRange(commit.FleetEvents);
        copy.Workers.AddRange(commit.Workers);
        copy.Pools.AddRange(commit.Pools);
        copy.HttpOffersAdded.AddRange(commit.HttpOffersAdded);
        copy.HttpOffersRemoved.AddRange(commit.HttpOffersRemoved);
        copy.Quarantined.AddRange(commit.Quarantined);
        copy.PayloadsWanted.AddRange(commit.PayloadsWanted);
        return copy;
    }
}
