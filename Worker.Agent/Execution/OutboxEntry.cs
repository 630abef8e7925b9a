using Broker.Contracts;

namespace Broker.Agent;

/// <summary>A report that waits.</summary>
internal sealed class OutboxEntry(HeldTask task, string kind, Report report)
{
    /// <summary>JSON around the variable parts of a report, about.</summary>
    private const int FrameBytes = 200;

    public HeldTask Task => task;
    public string Kind => kind;
    public Report Report { get; set; } = report;

    /// <summary>Whether later news made it superfluous before it was sent.</summary>
    public bool Dropped { get; set; }

    public int Bytes => FrameBytes + Report.Result.Utf8.Length + (Report.Error?.Message.Length ?? 0) + (Report.Message?.Length ?? 0);
}
