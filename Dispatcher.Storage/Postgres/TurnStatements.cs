namespace Broker.Storage;

/// <summary>The statements of a turn, in the order they run.</summary>
internal static class TurnStatements
{
    public static readonly string BeginTurn = Read("begin_turn");
    public static readonly string DeleteHttpOffers = Read("delete_http_offers");
    public static readonly string DeleteHistory = Read("delete_history");
    public static readonly string InsertTasks = Read("insert_tasks");
    public static readonly string InsertPayloads = Read("insert_payloads");
    public static readonly string UpdateTasks = Read("update_tasks");
    public static readonly string DeleteTasks = Read("delete_tasks");
    public static readonly string InsertHistory = Read("insert_history");
    public static readonly string InsertTaskEvents = Read("insert_task_events");
    public static readonly string InsertFleetEvents = Read("insert_fleet_events");
    public static readonly string UpsertWorkers = Read("upsert_workers");
    public static readonly string UpsertPools = Read("upsert_pools");
    public static readonly string InsertHttpOffers = Read("insert_http_offers");
    public static readonly string InsertQuarantine = Read("insert_quarantine");
    public static readonly string PutStats = Read("put_stats");
    public static readonly string SelectPayloads = Read("select_payloads");

    private static string Read(string name) => EmbeddedSql.Read($"Postgres/commit_turn/{name}.sql");
}
