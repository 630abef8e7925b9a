using System.Text;
using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>An API process: hands tasks in, repeats what is not confirmed, logs what it answered with 202.</summary>
internal sealed class SimulatedProducer(
    Simulator simulator, SimulatedBroker broker, Checker checker, Journal journal, LoadShape shape, int seed)
{
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(1);

    private readonly Random _random = Chances.Stream(seed, "load");
    private readonly List<Guid> _handedIn = [];

    public IReadOnlyList<Guid> HandedIn => _handedIn;

    public void Submit(int count)
    {
        var isPoisoned = !broker.Faults.IsHealed && _random.Chance(0.01);
        var tasks = new SubmittedTask[count];
        for (var i = 0; i < count; i++) tasks[i] = Make(isPoisoned && i == 0);
        foreach (var task in tasks)
        {
            checker.World.HandedIn[task.Id] = task;
            if (isPoisoned) checker.World.Poisoned.Add(task.Id);
            _handedIn.Add(task.Id);
            journal.Add("submits", "producer", task.Id, task.Priority, $"{task.Pool} {task.Type} cost {task.Cost}");
        }
        Publish(new TaskSubmitted { AcceptedAt = simulator.Now, Tasks = tasks });
    }

    /// <summary>Hands in again what was handed in before: a client that retries by its key.</summary>
    public void SubmitAgain()
    {
        if (_handedIn.Count == 0) return;

        var again = checker.World.HandedIn[_handedIn[_random.Next(_handedIn.Count)]];
        if (checker.World.Poisoned.Contains(again.Id)) return;

        if (_random.Chance(0.2)) again = again with { BodyHash = _random.NextInt64() };
        Publish(new TaskSubmitted { AcceptedAt = simulator.Now, Tasks = [again] });
    }

    private void Publish(TaskSubmitted message)
    {
        var isConfirmed = false;
        broker.Publish(broker.Submissions, message, () =>
        {
            if (isConfirmed) return;

            isConfirmed = true;
            foreach (var task in message.Tasks) checker.World.Accepted.Add(task.Id);
        });
        // Some producers die instead of asking again: nobody was told anything.
        if (_random.Chance(0.9)) simulator.After(ConfirmTimeout, () =>
        {
            if (!isConfirmed) Publish(message);
        });
    }

    private SubmittedTask Make(bool isPoisoned)
    {
        return new SubmittedTask
        {
            Id = TaskIds.Next(_random, simulator.Now),
            Type = isPoisoned ? "bad\0type" : shape.Types[_random.Next(shape.Types.Count)],
            Priority = _random.Next(Limits.HighestPriority + 1),
            Pool = shape.Pools[_random.Next(shape.Pools.Count)],
            Requires = _random.Chance(0.15) ? new Dictionary<string, string> { ["zone"] = _random.Next(2) == 0 ? "a" : "b" } : null,
            Cost = _random.Chance(0.8) ? 1 : _random.Next(1, 4),
            Timeout = _random.Milliseconds(2_000, 20_000),
            MaxAttempts = _random.Chance(0.5) ? _random.Next(1, 5) : null,
            Payload = _random.Chance(0.9) ? new RawJson(Encoding.UTF8.GetBytes($"{{\"n\":{_random.Next()}}}")) : default,
            BodyHash = _random.Chance(0.5) ? _random.NextInt64() : null,
        };
    }
}
