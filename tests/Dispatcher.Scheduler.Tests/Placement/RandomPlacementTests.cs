using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

/// <summary>Placement over random fleets and backlogs, against the plainest way to do the same.</summary>
public sealed class RandomPlacementTests
{
    private const int Cases = 100_000;
    private static readonly string[] Pools = ["red", "blue"];
    private static readonly string[] Types = ["resize", "mail", "crawl"];

    [Fact]
    public void Every_choice_is_the_one_of_the_naive_reference()
    {
        var seed = Environment.GetEnvironmentVariable("BROKER_TEST_SEED") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 1_000;
        var placements = 0;
        for (var played = 0; placements < Cases; played++)
        {
            try
            {
                placements += Play(new Random(seed + played));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"With BROKER_TEST_SEED={seed + played}: {exception.Message}", exception);
            }
        }
    }

    private static int Play(Random random)
    {
        var state = new SchedulerState(new Leadership(1, 0, new Counters(1, 1, 1), default)) { Queues = new QueueNames() };
        var choices = 0L;
        var placed = 0;
        for (var i = random.Next(1, 12); i > 0; i--) Change(random, state);
        for (var turns = random.Next(1, 6); turns > 0; turns--)
        {
            for (var i = random.Next(0, 3); i > 0; i--) Change(random, state);
            foreach (var task in state.Tasks.Values.Where(task => task.State == TaskState.Offered && random.Next(3) == 0).ToList()) End(state, task);

            var turn = new TurnDraft(state, DateTimeOffset.UnixEpoch);
            for (var i = random.Next(0, 15); i > 0; i--) Submit(random, turn);
            placed += PlaceAndCompare(turn, ref choices);
        }
        return placed;
    }

    private static int PlaceAndCompare(TurnDraft turn, ref long choices)
    {
        var state = turn.State;
        var used = state.Workers.Values.ToDictionary(worker => worker.Id, worker => worker.SlotsUsed);
        var chosen = state.Workers.Values.ToDictionary(worker => worker.Id, worker => worker.LastChosen);
        var expected = new List<(Guid, string)>();
        foreach (var task in state.Tasks.Values.Where(task => task.State == TaskState.Queued)
            .OrderByDescending(task => task.Priority).ThenBy(task => task.Seq).ToList())
        {
            var best = state.Workers.Values.Where(worker => Eligible(worker, task) && worker.Record.Slots - used[worker.Id] >= task.Class.Cost)
                .OrderBy(worker => worker.Record.Role == WorkerRole.Reserve)
                .ThenBy(worker => (decimal)used[worker.Id] / worker.Record.Slots).ThenBy(worker => chosen[worker.Id])
                .ThenBy(worker => worker.Id, StringComparer.Ordinal).FirstOrDefault();
            if (best is null) continue;

            used[best.Id] += task.Class.Cost;
            chosen[best.Id] = ++choices;
            expected.Add((task.Id, best.Id));
        }

        Assert.False(Placer.Place(turn));

        Assert.Equal(expected, turn.Offers.Select(offer => (offer.Task.Id, offer.Worker.Id)));
        foreach (var worker in state.Workers.Values)
        {
            Assert.Equal(used[worker.Id], worker.SlotsUsed);
            Assert.True(worker.SlotsUsed <= worker.Record.Slots, $"{worker.Id} is above its slots.");
        }
        return expected.Count;
    }

    private static bool Eligible(Worker worker, TaskRecord task) =>
        worker.Record.Liveness == Liveness.Online && worker.Record.Admission == Admission.Open
        && (worker.Record.Role == WorkerRole.Active || worker.Record.Activated)
        && worker.Record.Pool == task.Class.Pool
        && (worker.Record.Types?.Contains(task.Class.Type) ?? true)
        && task.Class.Requires.All(pair => worker.Record.Labels.TryGetValue(pair.Key, out var has) && has == pair.Value);

    /// <summary>A worker registers, or changes in any way a worker may change; one that holds something keeps its slots.</summary>
    private static void Change(Random random, SchedulerState state)
    {
        var id = $"w{random.Next(8)}";
        if (!state.Workers.TryGetValue(id, out var worker))
            state.Workers[id] = worker = new Worker(new WorkerRecord { Id = id, Pool = "red", Slots = 1, Session = "s" });

        state.Fleet.Change(worker, worker.Record with
        {
            Pool = Pools[random.Next(2)],
            Slots = Math.Max(worker.SlotsUsed, random.Next(1, 5)),
            Types = random.Next(3) == 0 ? [.. Types.Where(_ => random.Next(2) == 0)] : null,
            Labels = Labels(random, 2).ToDictionary(),
            Role = random.Next(3) == 0 ? WorkerRole.Reserve : WorkerRole.Active,
            Activated = random.Next(2) == 0,
            Liveness = random.Next(8) == 0 ? Liveness.Suspect : Liveness.Online,
            Admission = random.Next(8) == 0 ? Admission.Cordoned : Admission.Open,
        });
    }

    private static void Submit(Random random, TurnDraft turn)
    {
        var task = new TaskRecord
        {
            Id = Guid.NewGuid(),
            Class = turn.State.Intern(new TaskClass("default", Pools[random.Next(2)], Types[random.Next(3)],
                [.. Labels(random, 4)], random.Next(4) == 0 ? random.Next(2, 5) : 1)),
            Priority = (byte)random.Next(10),
            Seq = turn.State.NextSeq++,
        };
        turn.Insert(task, null);
        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.Submitted, new Submitted(turn));
    }

    /// <summary>An attempt ends: the task succeeds, or returns to its old place in the backlog.</summary>
    private static void End(SchedulerState state, TaskRecord task)
    {
        var turn = new TurnDraft(state, DateTimeOffset.UnixEpoch);
        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.AttemptEnded, new AttemptEnded(turn, AttemptOutcome.Interrupted, "test"));
        if (task.Seq % 2 == 0) return;

        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.CancelRequested, new CancelRequested(turn, null, null));
    }

    private static IEnumerable<KeyValuePair<string, string>> Labels(Random random, int rarity)
    {
        foreach (var key in new[] { "gpu", "zone" })
            if (random.Next(rarity) == 0) yield return KeyValuePair.Create(key, random.Next(2) == 0 ? "x" : "y");
    }
}
