using Broker.Contracts;

namespace Broker.Api;

/// <summary>Hands reports of HTTP workers to the scheduler, gathered from concurrent requests.</summary>
internal sealed class AttemptReports
{
    private readonly Gatherer<HttpReport, ReportAnswer> gatherer;

    public AttemptReports(ISchedulerGateway gateway, TimeProvider timeProvider)
    {
        var limits = new GatherLimits(
            ItemLimit: 1_000, WeightLimit: Limits.SubmissionBytes, InFlightLimit: 4,
            WaitingItemLimit: 50_000, WaitingWeightLimit: 128 * 1024 * 1024);
        gatherer = new(limits, WeightOf, SendAsync, timeProvider);

        async Task<IReadOnlyList<ReportAnswer>> SendAsync(IReadOnlyList<HttpReport> reports) =>
            (await gateway.AskAsync<ReportAttempts, AttemptsReported>(
                new ReportAttempts { Reports = reports }, CommandTimeout.Default, CancellationToken.None)).Answers;
    }

    /// <summary>The task's state after the report.</summary>
    /// <exception cref="ProblemException">It changed nothing.</exception>
    public async Task<AttemptResponse> ReportAsync(string kind, Report report, CancellationToken cancellationToken)
    {
        var answer = await gatherer.AddAsync(new HttpReport { Kind = kind, Report = report }).WaitAsync(cancellationToken);
        if (answer.Code is { } code) throw new Problem(code, Explain(code, report)).AsException();
        return new AttemptResponse(answer.State!);
    }

    private static string Explain(string code, Report report) => code switch
    {
        ProblemCode.StaleAttempt =>
            $"Attempt {report.Attempt} of task {report.Task} is not the latest, or the token is not its own; drop it.",
        ProblemCode.Canceled => $"Task {report.Task} was canceled; stop working on it.",
        ProblemCode.UnknownTask => $"There is no task {report.Task}.",
        _ => "The scheduler refused the report.",
    };

    private static long WeightOf(HttpReport report) =>
        256 + report.Report.Result.Utf8.Length + (3L * (report.Report.Error?.Message.Length ?? 0));
}
