using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

internal static class FleetBuilder
{
    public static Worker AWorker(
        string id, int slots = 1, int used = 0, string pool = "default", bool reserve = false, bool activated = true,
        string admission = Admission.Open, string[]? types = null, Dictionary<string, string>? labels = null)
    {
        var worker = new Worker(new WorkerRecord
        {
            Id = id,
            Pool = pool,
            Slots = slots,
            Session = "s",
            Role = reserve ? WorkerRole.Reserve : WorkerRole.Active,
            Activated = reserve && activated,
            Admission = admission,
            Types = types,
            Labels = labels ?? [],
        });
        for (var i = 0; i < used; i++) worker.Hold(ATask(AClass()));
        return worker;
    }

    public static FleetIndex AFleet(params Worker[] workers)
    {
        var fleet = new FleetIndex();
        foreach (var worker in workers) fleet.Change(worker, worker.Record);
        return fleet;
    }

    public static TaskClass AClass(string type = "resize", string pool = "default", int cost = 1, params (string Key, string Value)[] requires) =>
        new("default", pool, type, [.. requires.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))], cost);

    public static TaskRecord ATask(TaskClass taskClass, int priority = 4, long seq = 0) =>
        new() { Id = Guid.NewGuid(), Class = taskClass, Priority = (byte)priority, Seq = seq };
}
