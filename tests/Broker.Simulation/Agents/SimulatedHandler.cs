using System.Text;
using Broker.Agent;
using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>What a bot's author wrote: takes a while, succeeds, fails, throws, crashes the process, is slow to stop.</summary>
internal sealed class SimulatedHandler(
    Simulator simulator, Faults faults, TimeProvider time, Journal journal, AgentLife life, Action crash)
{
    /// <param name="types">Null: all.</param>
    public HandlerSet For(IReadOnlyList<string>? types) => types is null
        ? new HandlerSet(new Dictionary<string, HandleTask>(), HandleAsync)
        : new HandlerSet(types.ToDictionary(type => type, _ => (HandleTask)HandleAsync));

    private async Task<object?> HandleAsync(TaskContext context, CancellationToken cancellationToken)
    {
        journal.Add("runs", life.Worker, context.TaskId, context.Attempt);
        life.Began(context.TaskId, context.Attempt);
        RawJson? result = null;
        try
        {
            result = await WorkAsync(context, cancellationToken);
            return result;
        }
        finally
        {
            life.Ended(context.TaskId, context.Attempt, result);
        }
    }

    private async Task<RawJson> WorkAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var length = simulator.Chance(0.1) ? simulator.Milliseconds(5_000, 25_000) : simulator.Milliseconds(0, 4_000);
        if (faults.IsHealed) length = simulator.Milliseconds(5, 500);
        try
        {
            await Task.Delay(length / 2, time, cancellationToken);
            if (simulator.Chance(0.2)) await context.ReportProgressAsync(50, "half");
            await Task.Delay(length / 2, time, cancellationToken);
        }
        catch (OperationCanceledException) when (simulator.Chance(0.3))
        {
            // It tidies up; and now and then it was done just then.
            await Task.Delay(simulator.Milliseconds(0, 4_000), time, CancellationToken.None);
            if (simulator.Chance(0.7)) throw;
        }

        var luck = faults.IsHealed ? 1 : simulator.Random.NextDouble();
        if (luck < 0.02)
        {
            simulator.After(TimeSpan.Zero, crash);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, CancellationToken.None);
        }
        if (luck < 0.10)
            throw new TaskFailedException("broken", simulator.Chance(0.05) ? "a\0b" : "no luck", simulator.Chance(0.9),
                simulator.Chance(0.2) ? TimeSpan.FromMilliseconds(500) : null);
        if (luck < 0.16) throw new InvalidOperationException("A mistake of the handler's.");
        return luck < 0.25 ? default
            : new RawJson(Encoding.UTF8.GetBytes($"\"{life.Worker} {context.TaskId} {context.Attempt} {simulator.Random.Next()}\""));
    }
}
