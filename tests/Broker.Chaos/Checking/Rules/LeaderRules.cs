namespace Broker.Chaos;

/// <summary>S14 one leader at a time, from the numbers of commits and offers and the epochs of tokens; S2 no event is missing.</summary>
internal static class LeaderRules
{
    public static void Check(World world)
    {
        CheckNumbers(world);
        CheckEpochs(world);
    }

    /// <summary>An offer, in the order of the decisions: a leader that goes on after another has taken over counts from the past.</summary>
    public static void Offered(World world, ReplayedTask task, RecordedStep step, long lastOffer, long seq)
    {
        if (step.Offer > lastOffer) return;

        var isOfTask = step.Offer <= task.Offer;
        world.Findings.Add(isOfTask ? "S6" : "S14", $"{task} got offer {step.Offer} after offer {lastOffer} was committed", task.Id, step.Worker, seq);
    }

    private static void CheckNumbers(World world)
    {
        var numbers = world.History.TaskEvents.Select(row => row.Seq).Concat(world.History.FleetEvents.Select(row => row.Seq)).Order();
        long? last = null;
        foreach (var number in numbers)
        {
            if (number == last) world.Findings.Add("S14", $"two events have number {number}: two leaders counted on from one past");
            else if (number > last + 1) world.Findings.Add("S2", $"events {last + 1} to {number - 1} are missing");
            last = number;
        }
    }

    /// <summary>Tokens as bots and rows show them: in order of offers, the epoch never goes back.</summary>
    private static void CheckEpochs(World world)
    {
        var shown = world.Executions.Begins.Select(line => (line.Token, line.Task, line.Worker))
            .Concat(world.History.Tasks.Select(row => (row.Token, Task: (Guid?)row.Id, row.Worker)));
        var last = 0;
        foreach (var (token, task, worker) in shown.Select(x => (Token: Executions.Read(x.Token), x.Task, x.Worker))
            .Where(x => x.Token is not null).OrderBy(x => x.Token!.Value.Number).ThenBy(x => x.Token!.Value.Epoch))
        {
            var (epoch, number) = token!.Value;
            if (epoch < last) world.Findings.Add("S14", $"offer {number} is of epoch {epoch}, one before it of epoch {last}", task, worker);
            last = Math.Max(last, epoch);
        }
    }
}
