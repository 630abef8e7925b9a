namespace Broker.Bench;

/// <summary>Bursts over one size of what grows.</summary>
/// <param name="Grows">workers, backlog or history.</param>
/// <param name="CpuMicros">CPU time of each process for a task, median of the rounds.</param>
internal sealed record ScaleRow(
    string Grows, int Size, Samples TasksPerSecond, IReadOnlyDictionary<string, double> CpuMicros, double TasksPerTurn, ProcessMemory Scheduler)
{
    public static ScaleRow Of(string grows, int size, IReadOnlyList<BurstSample> rounds, ProcessMemory scheduler) => new(
        grows, size, new Samples([.. rounds.Select(round => round.TasksPerSecond)]),
        rounds[0].CpuMicros.Keys.ToDictionary(role => role, role => new Samples([.. rounds.Select(round => round.CpuMicros[role])]).Median),
        new Samples([.. rounds.Select(round => round.TasksPerTurn)]).Median, scheduler);

    /// <param name="first">The row of the smallest size.</param>
    public string Text(ScaleRow first) =>
        $"  {Size,10:N0} {Grows,-8} {TasksPerSecond.Median,7:N0}/s ({TasksPerSecond.Least:N0}-{TasksPerSecond.Most:N0}) {Change(TasksPerSecond.Median, first.TasksPerSecond.Median),7}"
        + $"  µs a task: scheduler {CpuMicros["scheduler"]:F0} ({Change(CpuMicros["scheduler"], first.CpuMicros["scheduler"])}), "
        + $"PostgreSQL {CpuMicros["PostgreSQL"]:F0}, RabbitMQ {CpuMicros["RabbitMQ"]:F0}; {TasksPerTurn:F0} tasks a turn; {Scheduler}";

    private static string Change(double value, double from) => $"{(value / from) - 1:+0.0%;-0.0%;0%}";
}
