namespace Broker.Storage;

/// <summary>The statements about who leads.</summary>
internal static class LeaderStatements
{
    public static readonly string Acquire = Read("acquire");
    public static readonly string Announce = Read("announce");
    public static readonly string EndHolder = Read("end_holder");
    public static readonly string ReadTurn = Read("read_turn");
    public static readonly string Renew = Read("renew");
    public static readonly string Release = Read("release");
    public static readonly string Load = Read("load");
    public static readonly string NewestFinished = Read("newest_finished");

    private static string Read(string name) => EmbeddedSql.Read($"Postgres/leadership/{name}.sql");
}
