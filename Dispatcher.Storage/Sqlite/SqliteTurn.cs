using System.Text;
using System.Text.Json;

namespace Broker.Storage;

/// <summary>Writes what a turn changed, row by row; runs inside the turn's transaction.</summary>
internal static class SqliteTurn
{
    private const string InsertTask = $"""
        INSERT INTO tasks ({RowReader.TaskColumns}) VALUES
        (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
        """;

    private const string InsertHistory = $"""
        INSERT INTO task_history ({RowReader.TaskColumns}, finished_at, error_code, error_message, day) VALUES
        (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
        ?25, ?26, ?27, ?28, ?29)
        """;

    private const string UpdateTask = """
        UPDATE tasks SET state = ?2, attempt = ?3, failures = ?4, losses = ?5, round = ?6, worker = ?7, token_epoch = ?8,
        token_number = ?9, queued_at = ?10, offered_at = ?11, started_at = ?12, retry_at = ?13, outcome = ?14 WHERE id = ?1
        """;

    public static void Write(SqliteStatements sql, TurnCommit commit, DateTimeOffset now)
    {
        foreach (var task in commit.HttpOffersRemoved) sql.Execute("DELETE FROM http_offers WHERE task_id = ?1", task);
        WriteTasks(sql, commit);
        foreach (var entry in commit.TaskEvents)
            sql.Execute("INSERT INTO task_events (seq, task_id, at, transitions) VALUES (?1, ?2, ?3, ?4)", entry.Seq, entry.Task,
                entry.At, JsonSerializer.Serialize(entry.Transitions, StorageJson.Default.IReadOnlyListTaskTransition));
        foreach (var entry in commit.FleetEvents)
            sql.Execute("INSERT INTO fleet_events (seq, at, kind, pool, worker, reason, by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                entry.Seq, entry.At, entry.Kind, entry.Pool, entry.Worker, entry.Reason, entry.By);
        WriteFleet(sql, commit);
        foreach (var message in commit.Quarantined)
            sql.Execute("INSERT INTO quarantine (at, source, reason, body) VALUES (?1, ?2, ?3, ?4)",
                message.At, message.Source, message.Reason, message.Body);
        if (commit.Stats is { } stats)
            sql.Execute("INSERT INTO stats (shard, at, data) VALUES (0, ?1, ?2) ON CONFLICT DO UPDATE SET at = ?1, data = ?2",
                now, Encoding.UTF8.GetString(stats));
    }

    private static void WriteTasks(SqliteStatements sql, TurnCommit commit)
    {
        var moves = TaskMoves.Of(commit);
        foreach (var task in commit.Revived)
        {
            sql.Execute("DELETE FROM task_results WHERE id = ?1", task.Id);
            Expect("revive", sql.Execute("DELETE FROM task_history WHERE id = ?1", task.Id));
        }
        foreach (var task in moves.Insert)
            sql.Execute(InsertTask, task.Id, task.Class.Tenant, task.Class.Pool, task.Class.Type, RequiresText.Write(task.Class),
                task.Class.Cost, task.Priority, task.Seq, task.MaxAttempts, task.Timeout, task.BodyHash, task.CreatedAt, task.State,
                task.Attempt, task.Failures, task.Losses, task.Round, task.Worker, task.Token.Epoch, task.Token.Number,
                task.QueuedAt, task.OfferedAt, task.StartedAt, task.RetryAt, task.Outcome);
        foreach (var (task, payload) in commit.Inserted)
            if (payload is not null)
                sql.Execute("INSERT INTO task_payloads (id, payload) VALUES (?1, ?2)", task.Id, payload);
        foreach (var task in commit.Updated)
            Expect("update", sql.Execute(UpdateTask, task.Id, task.State, task.Attempt, task.Failures, task.Losses, task.Round,
                task.Worker, task.Token.Epoch, task.Token.Number, task.QueuedAt, task.OfferedAt, task.StartedAt, task.RetryAt, task.Outcome));
        foreach (var id in moves.Delete)
            Expect("finish", sql.Execute("DELETE FROM tasks WHERE id = ?1", id));
        foreach (var finished in commit.Finished) WriteFinished(sql, finished);
    }

    private static void WriteFinished(SqliteStatements sql, FinishedTask finished)
    {
        var task = finished.Task;
        sql.Execute(InsertHistory, task.Id, task.Class.Tenant, task.Class.Pool, task.Class.Type, RequiresText.Write(task.Class),
            task.Class.Cost, task.Priority, task.Seq, task.MaxAttempts, task.Timeout, task.BodyHash, task.CreatedAt, task.State,
            task.Attempt, task.Failures, task.Losses, task.Round, task.Worker, task.Token.Epoch, task.Token.Number,
            task.QueuedAt, task.OfferedAt, task.StartedAt, task.RetryAt, task.Outcome, finished.FinishedAt, finished.Error?.Code,
            finished.Error?.Message, TaskDay.Of(task));
        if (finished.Result is not null)
            sql.Execute("INSERT INTO task_results (id, result) VALUES (?1, ?2)", task.Id, finished.Result);
    }

    private static void WriteFleet(SqliteStatements sql, TurnCommit commit)
    {
        foreach (var worker in commit.Workers)
            sql.Execute("INSERT INTO workers (id, record) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET record = ?2",
                worker.Id, JsonSerializer.Serialize(worker, StorageDocuments.Worker));
        foreach (var pool in commit.Pools)
            sql.Execute("INSERT INTO pools (name, settings) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET settings = ?2",
                pool.Name, JsonSerializer.Serialize(pool, StorageDocuments.Pool));
        foreach (var offer in commit.HttpOffersAdded)
            sql.Execute("""
                INSERT INTO http_offers (worker, task_id, attempt, token_epoch, token_number, session)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                """, offer.Worker, offer.Task, offer.Attempt, offer.Token.Epoch, offer.Token.Number, offer.Session);
    }

    private static void Expect(string what, int rows)
    {
        if (rows != 1)
            throw new StaleEpochException($"The leader's memory and the database differ: the task to {what} was not there.");
    }
}
