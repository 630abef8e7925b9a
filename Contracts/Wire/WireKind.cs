namespace Broker.Contracts;

/// <summary>The AMQP property <c>type</c> of a message between scheduler and workers, repeated as <c>kind</c> in its body.</summary>
public static class WireKind
{
    public const string Offer = "offer";
    public const string Cancel = "cancel";
    public const string Drain = "drain";
    public const string Settings = "settings";

    public const string Started = "started";
    public const string Progress = "progress";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Released = "released";
    public const string Inventory = "inventory";

    public const string Beat = "beat";
}
