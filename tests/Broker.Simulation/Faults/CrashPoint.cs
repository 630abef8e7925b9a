namespace Broker.Simulation;

/// <summary>Where in a turn the leader is killed. One stands between each two steps.</summary>
internal enum CrashPoint
{
    /// <summary>Inputs are taken, nothing is decided.</summary>
    BeforeDecide,

    /// <summary>Decided; the commit never leaves the process.</summary>
    BeforeCommit,

    /// <summary>The commit left, and was lost with the process.</summary>
    CommitLost,

    /// <summary>The commit happened; the process died before its answer came.</summary>
    CommitDone,

    /// <summary>Committed, nothing acknowledged.</summary>
    BeforeSettle,

    /// <summary>Some inputs acknowledged, others not.</summary>
    MidSettle,

    /// <summary>Everything acknowledged, nothing sent.</summary>
    BeforeSend,

    /// <summary>Some messages sent, others not.</summary>
    MidSend,

    /// <summary>Everything sent, nobody answered.</summary>
    BeforeAnswer,
}
