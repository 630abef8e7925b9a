using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>Where messages enter the scheduler: planted bugs change what it is told.</summary>
internal static class PlantedDoor
{
    public static object Read(object message, PlantedBug? planted, World world) => (planted, message) switch
    {
        (PlantedBug.NoTokenCheck, ReportMessage { Reports: [var report] } old) when Latest(world, report) is { } task =>
            old with { Worker = task.Worker!, Reports = [Renew(report, task)] },
        (PlantedBug.NoTokenCheck, ReportAttempts { Reports: [var old] }) when Latest(world, old.Report) is { } task =>
            new ReportAttempts { Reports = [old with { Report = Renew(old.Report, task) }] },
        (PlantedBug.InventoryWithoutOfferNumbers, InventoryMessage inventory) => inventory with { LastOffer = long.MaxValue },
        (PlantedBug.ReserveTooEarly, RegisterWorker worker) => worker with { Role = WorkerRole.Active },
        _ => message,
    };

    private static CheckedTask? Latest(World world, Report report) =>
        world.Tasks.TryGetValue(report.Task, out var task) && task.Worker is not null && task.Attempt != report.Attempt ? task : null;

    private static Report Renew(Report report, CheckedTask task) => report with { Attempt = task.Attempt, Token = task.Token.ToString() };
}
