namespace Broker.Contracts;

/// <summary>Whether a worker is heard of. One of the three independent parts of its status.</summary>
public static class Liveness
{
    public const string Online = "online";

    /// <summary>Two beats missed; it gets nothing new and keeps what it has.</summary>
    public const string Suspect = "suspect";

    /// <summary>Three beats and a grace missed; its attempts ended. It comes back by registering.</summary>
    public const string Lost = "lost";

    /// <summary>It said goodbye.</summary>
    public const string Offline = "offline";
}

/// <summary>What a worker was set up for. One of the three independent parts of its status.</summary>
public static class WorkerRole
{
    public const string Active = "active";

    /// <summary>Gets tasks only while activated, and only when no eligible active worker has room.</summary>
    public const string Reserve = "reserve";
}

/// <summary>Whether a worker may get tasks. One of the three independent parts of its status.</summary>
public static class Admission
{
    public const string Open = "open";

    /// <summary>Nothing new; it keeps what it has.</summary>
    public const string Cordoned = "cordoned";

    /// <summary>Nothing new; it finishes or gives back what it has.</summary>
    public const string Draining = "draining";

    /// <summary>Drained to the end.</summary>
    public const string Drained = "drained";

    /// <summary>Cordoned by Broker for failing far more than others.</summary>
    public const string Quarantined = "quarantined";
}

/// <summary>How a worker gets its tasks.</summary>
public static class WorkerTransport
{
    public const string Amqp = "amqp";
    public const string Http = "http";
}
