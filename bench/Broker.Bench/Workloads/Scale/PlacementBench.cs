using System.Diagnostics;
using Broker.Scheduler;
using Broker.Storage;

namespace Broker.Bench;

/// <summary>The placement code alone, on a fleet that is half full.</summary>
internal static class PlacementBench
{
    private const int Choices = 200_000;

    private static readonly TaskClass Echo = new("default", "default", "echo", [], 1);

    /// <summary>To choose a worker, to take a slot there and to give one back.</summary>
    public static double Micros(FleetPlan plan)
    {
        var fleet = FleetOf(plan);
        var held = new Queue<(Worker Worker, TaskRecord Task)>();
        for (var i = 0; i < plan.Workers * plan.Slots / 2; i++) Place(fleet, held);
        for (var i = 0; i < Choices; i++) Turn();

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Choices; i++) Turn();
        return watch.Elapsed.TotalMicroseconds / Choices;

        void Turn()
        {
            Place(fleet, held);
            var (worker, task) = held.Dequeue();
            fleet.Give(worker, task);
        }
    }

    private static void Place(FleetIndex fleet, Queue<(Worker Worker, TaskRecord Task)> held)
    {
        if (LeastLoad.Choose(fleet, Echo) is not PlacementDecision.Offer(var worker, _)) throw new UnreachableException("Half of the fleet is free.");

        var task = new TaskRecord { Id = Guid.NewGuid(), Class = Echo };
        fleet.Take(worker, task);
        held.Enqueue((worker, task));
    }

    private static FleetIndex FleetOf(FleetPlan plan)
    {
        var fleet = new FleetIndex();
        for (var number = 0; number < plan.Workers; number++)
        {
            var record = new WorkerRecord { Id = $"bot-{number:D5}", Pool = Echo.Pool, Slots = plan.Slots, Session = "" };
            fleet.Change(new Worker(record), record);
        }
        return fleet;
    }
}
