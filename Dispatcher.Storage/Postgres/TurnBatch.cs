using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage;

/// <summary>Lays a turn out as one batch: one round trip, one implicit transaction. Empty lists send nothing.</summary>
internal static class TurnBatch
{
    public static NpgsqlBatch Create(NpgsqlConnection connection, int shard, TurnCommit commit)
    {
        var batch = new NpgsqlBatch(connection);
        AddBegin(batch, shard, commit);
        if (commit.HttpOffersRemoved.Count > 0)
            batch.Statement(TurnStatements.DeleteHttpOffers).Ids(commit.HttpOffersRemoved);

        AddTasks(batch, commit);
        AddEvents(batch, commit);
        AddFleet(batch, commit);
        if (commit.Stats is { } stats)
            batch.Statement(TurnStatements.PutStats).With(shard, NpgsqlDbType.Integer).With(stats, NpgsqlDbType.Json);
        if (commit.PayloadsWanted.Count > 0)
            batch.Statement(TurnStatements.SelectPayloads).Ids(commit.PayloadsWanted);
        return batch;
    }

    private static void AddBegin(NpgsqlBatch batch, int shard, TurnCommit commit) =>
        batch.Statement(TurnStatements.BeginTurn)
            .With(shard, NpgsqlDbType.Integer)
            .With(commit.Epoch, NpgsqlDbType.Integer)
            .With(commit.Turn, NpgsqlDbType.Bigint)
            .With(commit.Counters.Seq, NpgsqlDbType.Bigint)
            .With(commit.Counters.Offer, NpgsqlDbType.Bigint)
            .With(commit.Counters.Event, NpgsqlDbType.Bigint)
            .With(commit.Totals is { } totals
                ? JsonSerializer.Serialize(totals, StorageJson.Default.CounterSnapshot) : null, NpgsqlDbType.Text);

    private static void AddTasks(NpgsqlBatch batch, TurnCommit commit)
    {
        var moves = TaskMoves.Of(commit);
        if (commit.Revived.Count > 0)
            batch.Statement(TurnStatements.DeleteHistory)
                .Column(commit.Revived, NpgsqlDbType.Uuid, task => task.Id)
                .Column(commit.Revived, NpgsqlDbType.Date, TaskDay.Of);
        if (moves.Insert.Count > 0)
            AddTaskColumns(batch.Statement(TurnStatements.InsertTasks), moves.Insert);

        var payloads = commit.Inserted.FindAll(inserted => inserted.Payload is not null);
        if (payloads.Count > 0)
            batch.Statement(TurnStatements.InsertPayloads)
                .Column(payloads, NpgsqlDbType.Uuid, inserted => inserted.Task.Id)
                .Column(payloads, NpgsqlDbType.Date, inserted => TaskDay.Of(inserted.Task))
                .Column(payloads, NpgsqlDbType.Bytea, inserted => inserted.Payload!);
        if (commit.Updated.Count > 0)
            AddStatusColumns(batch.Statement(TurnStatements.UpdateTasks)
                .Column(commit.Updated, NpgsqlDbType.Uuid, task => task.Id), commit.Updated);
        if (moves.Delete.Count > 0)
            batch.Statement(TurnStatements.DeleteTasks).Ids(moves.Delete);
        if (commit.Finished.Count == 0) return;

        AddTaskColumns(batch.Statement(TurnStatements.InsertHistory), commit.Finished.ConvertAll(task => task.Task))
            .Moments(commit.Finished, task => task.FinishedAt)
            .Texts(commit.Finished, task => task.Error?.Code)
            .Texts(commit.Finished, task => task.Error?.Message)
            .Column(commit.Finished, NpgsqlDbType.Bytea, task => task.Result);
    }

    private static NpgsqlBatchCommand AddTaskColumns(NpgsqlBatchCommand command, IReadOnlyList<TaskRecord> tasks) =>
        AddStatusColumns(command
            .Column(tasks, NpgsqlDbType.Uuid, task => task.Id)
            .Column(tasks, NpgsqlDbType.Date, TaskDay.Of)
            .Texts(tasks, task => task.Class.Tenant)
            .Texts(tasks, task => task.Class.Pool)
            .Texts(tasks, task => task.Class.Type)
            .Column(tasks, NpgsqlDbType.Json, task => RequiresText.Write(task.Class))
            .Column(tasks, NpgsqlDbType.Integer, task => task.Class.Cost)
            .Column(tasks, NpgsqlDbType.Smallint, task => (short)task.Priority)
            .Column(tasks, NpgsqlDbType.Bigint, task => task.Seq)
            .Column(tasks, NpgsqlDbType.Smallint, task => task.MaxAttempts)
            .Column(tasks, NpgsqlDbType.Interval, task => task.Timeout)
            .Column(tasks, NpgsqlDbType.Bigint, task => task.BodyHash)
            .Moments(tasks, task => task.CreatedAt), tasks);

    /// <summary>What changes in a task's life, from its state on.</summary>
    private static NpgsqlBatchCommand AddStatusColumns(NpgsqlBatchCommand command, IReadOnlyList<TaskRecord> tasks) =>
        command
            .Texts(tasks, task => task.State)
            .Column(tasks, NpgsqlDbType.Integer, task => task.Attempt)
            .Column(tasks, NpgsqlDbType.Smallint, task => task.Failures)
            .Column(tasks, NpgsqlDbType.Smallint, task => task.Losses)
            .Column(tasks, NpgsqlDbType.Smallint, task => task.Round)
            .Texts(tasks, task => task.Worker)
            .Column(tasks, NpgsqlDbType.Integer, task => task.Token.Epoch)
            .Column(tasks, NpgsqlDbType.Bigint, task => task.Token.Number)
            .Moments(tasks, task => task.QueuedAt)
            .OptionalMoments(tasks, task => task.OfferedAt)
            .OptionalMoments(tasks, task => task.StartedAt)
            .OptionalMoments(tasks, task => task.RetryAt)
            .Texts(tasks, task => task.Outcome);

    private static void AddEvents(NpgsqlBatch batch, TurnCommit commit)
    {
        var events = commit.TaskEvents;
        if (events.Count > 0)
            batch.Statement(TurnStatements.InsertTaskEvents)
                .Column(events, NpgsqlDbType.Uuid, entry => entry.Task)
                .Column(events, NpgsqlDbType.Bigint, entry => entry.Seq)
                .Column(events, NpgsqlDbType.Date, entry => TaskDay.Of(entry.At))
                .Moments(events, entry => entry.At)
                .Column(events, NpgsqlDbType.Json, entry =>
                    JsonSerializer.Serialize(entry.Transitions, StorageJson.Default.IReadOnlyListTaskTransition));

        var fleet = commit.FleetEvents;
        if (fleet.Count > 0)
            batch.Statement(TurnStatements.InsertFleetEvents)
                .Column(fleet, NpgsqlDbType.Bigint, entry => entry.Seq)
                .Moments(fleet, entry => entry.At)
                .Texts(fleet, entry => entry.Kind)
                .Texts(fleet, entry => entry.Pool)
                .Texts(fleet, entry => entry.Worker)
                .Texts(fleet, entry => entry.Reason)
                .Texts(fleet, entry => entry.By);
    }

    private static void AddFleet(NpgsqlBatch batch, TurnCommit commit)
    {
        var workers = LastOf(commit.Workers, worker => worker.Id);
        if (workers.Count > 0)
            batch.Statement(TurnStatements.UpsertWorkers)
                .Texts(workers, worker => worker.Id)
                .Texts(workers, worker => JsonSerializer.Serialize(worker, StorageDocuments.Worker));
        var pools = LastOf(commit.Pools, pool => pool.Name);
        if (pools.Count > 0)
            batch.Statement(TurnStatements.UpsertPools)
                .Texts(pools, pool => pool.Name)
                .Texts(pools, pool => JsonSerializer.Serialize(pool, StorageDocuments.Pool));
        if (commit.HttpOffersAdded.Count > 0)
            batch.Statement(TurnStatements.InsertHttpOffers)
                .Texts(commit.HttpOffersAdded, offer => offer.Worker)
                .Column(commit.HttpOffersAdded, NpgsqlDbType.Uuid, offer => offer.Task)
                .Column(commit.HttpOffersAdded, NpgsqlDbType.Integer, offer => offer.Attempt)
                .Column(commit.HttpOffersAdded, NpgsqlDbType.Integer, offer => offer.Token.Epoch)
                .Column(commit.HttpOffersAdded, NpgsqlDbType.Bigint, offer => offer.Token.Number)
                .Texts(commit.HttpOffersAdded, offer => offer.Session);
        if (commit.Quarantined.Count > 0)
            batch.Statement(TurnStatements.InsertQuarantine)
                .Moments(commit.Quarantined, message => message.At)
                .Texts(commit.Quarantined, message => message.Source)
                .Texts(commit.Quarantined, message => message.Reason)
                .Column(commit.Quarantined, NpgsqlDbType.Bytea, message => message.Body);
    }

    /// <summary>One statement can't write a row twice; what a turn wrote last stands.</summary>
    private static List<T> LastOf<T>(List<T> rows, Func<T, string> key) =>
        [.. rows.GroupBy(key).Select(versions => versions.Last())];
}
