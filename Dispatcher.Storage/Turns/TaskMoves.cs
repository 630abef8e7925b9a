namespace Broker.Storage;

/// <summary>Which rows a turn's lists move between the active table and the history, whatever the database.</summary>
/// <param name="Insert">Into the active table; a task that came and finished in one turn never lies there.</param>
/// <param name="Delete">From the active table.</param>
internal readonly record struct TaskMoves(IReadOnlyList<TaskRecord> Insert, IReadOnlyList<Guid> Delete)
{
    public static TaskMoves Of(TurnCommit commit)
    {
        var finished = commit.Finished.Select(task => task.Task.Id).ToHashSet();
        var insert = commit.Inserted.Select(inserted => inserted.Task).Concat(commit.Revived);
        if (finished.Count == 0) return new TaskMoves([.. insert], []);

        var stays = new List<TaskRecord>();
        foreach (var task in insert)
            if (!finished.Remove(task.Id)) stays.Add(task);
        return new TaskMoves(stays, [.. finished]);
    }
}
