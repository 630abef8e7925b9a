using System.Diagnostics.Metrics;

namespace Broker.Api;

/// <summary>What the API counts itself; requests, messages and queries are counted by their libraries.</summary>
internal sealed class ApiMetrics
{
    public const string MeterName = "Broker.Api";

    private readonly Counter<long> submissions;
    private readonly Histogram<double> confirmations;
    private readonly Histogram<long> batches;

    public ApiMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        submissions = meter.CreateCounter<long>(
            "broker.task.submissions", "{task}", "Tasks handed to the scheduler; error.type says why some were not.");
        confirmations = meter.CreateHistogram<double>(
            "broker.submission.confirmation.duration", "s", "Time until a message with tasks is safe.");
        batches = meter.CreateHistogram<long>("broker.submission.size", "{task}", "Tasks gathered into one message.");
    }

    public void Submitted(int taskCount, TimeSpan confirmation)
    {
        submissions.Add(taskCount);
        batches.Record(taskCount);
        confirmations.Record(confirmation.TotalSeconds);
    }

    public void NotSubmitted(int taskCount, string code) =>
        submissions.Add(taskCount, new KeyValuePair<string, object?>("error.type", code));
}
