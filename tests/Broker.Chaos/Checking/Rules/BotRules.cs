namespace Broker.Chaos;

/// <summary>What bots wrote down against what was committed: S6 a success was made, S17 nobody executes what was not offered to
/// him, E1 nothing is executed again without a reason.</summary>
internal static class BotRules
{
    public static void Check(World world)
    {
        foreach (var begin in world.Executions.Begins) CheckOffer(world, begin);
        foreach (var offer in world.Offers.Values)
        {
            CheckSessions(world, offer);
            CheckSuccess(world, offer);
        }
        CheckRepetitions(world);
    }

    private static void CheckOffer(World world, HistoryLine begin)
    {
        var number = Executions.Read(begin.Token)?.Number;
        if (number is null || !world.Offers.TryGetValue(number.Value, out var offer))
            world.Findings.Add("S17", $"{begin.Worker} began task {begin.Task} with token {begin.Token}, which was never offered", begin.Task, begin.Worker);
        else if ((offer.Task.Id, offer.Attempt, offer.Worker) != (begin.Task, begin.Attempt, begin.Worker))
            world.Findings.Add("S17", $"{begin.Worker} began attempt {begin.Attempt} of task {begin.Task} with the token of attempt {offer.Attempt} of {offer.Task} for {offer.Worker}", begin.Task, begin.Worker);
    }

    /// <summary>A worker remembers what it had; only a new session of it may begin the same attempt again.</summary>
    private static void CheckSessions(World world, CommittedOffer offer)
    {
        foreach (var again in world.Executions.BeginsOf(offer.Number).GroupBy(line => (line.Worker, line.Session)).Where(group => group.Count() > 1))
            world.Findings.Add("S17", $"{again.Key.Worker} began attempt {offer.Attempt} of {offer.Task} {again.Count()} times in one session", offer.Task.Id, offer.Worker);
    }

    private static void CheckSuccess(World world, CommittedOffer offer)
    {
        if (offer.Outcome != "succeeded" || world.Options.Unrecorded.Contains(offer.Worker)) return;
        if (!world.Executions.EndsOf(offer.Number).Any(line => line.Phase == HistoryPhase.Ok && line.Worker == offer.Worker))
            world.Findings.Add("S6", $"{offer.Task} succeeded in attempt {offer.Attempt}, but {offer.Worker} wrote down no such end", offer.Task.Id, offer.Worker);
    }

    /// <summary>Executing again needs an attempt that ended by somebody's word, or a fault.</summary>
    private static void CheckRepetitions(World world)
    {
        var firstFault = world.History.Lines.FirstOrDefault(line => line.Op == HistoryOp.Fault)?.T ?? long.MaxValue;
        var latest = new Dictionary<Guid, HistoryLine>();
        foreach (var begin in world.Executions.Begins.Where(line => line.Task is not null).OrderBy(line => line.T))
        {
            if (latest.TryGetValue(begin.Task!.Value, out var before) && begin.T < firstFault && !HasEnded(world, before, begin))
                world.Findings.Add("E1", $"task {begin.Task} was begun by {before.Worker} and, without a fault, again by {begin.Worker}", begin.Task, begin.Worker);
            latest[begin.Task.Value] = begin;
        }
    }

    private static bool HasEnded(World world, HistoryLine before, HistoryLine begin)
    {
        if (Executions.Read(before.Token)?.Number is not { } number || before.Token == begin.Token) return false;
        return world.Offers.GetValueOrDefault(number)?.Outcome is "failed" or "timed-out" or "released" or "canceled";
    }
}
