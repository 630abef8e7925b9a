using System.Text;
using Broker.Agent;
using Broker.Contracts;

namespace Broker.Chaos;

/// <summary>Payload of <c>chaos</c>.</summary>
/// <param name="Ms">How long it takes.</param>
/// <param name="Failures">Attempts up to this number fail.</param>
/// <param name="Hopeless">Whether a failure says that another attempt is no use.</param>
internal sealed record ChaosPayload(int Ms, int Failures = 0, bool Hopeless = false);

/// <summary><c>chaos</c>: takes its time, writes down that it ran, and makes a result that no other execution makes.</summary>
internal sealed class ChaosHandler(HistoryLog history, AttemptOffers offers, TimeProvider time) : ITaskHandler
{
    public async Task<object?> HandleAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var payload = context.ReadPayload<ChaosPayload>();
        var offer = offers.Find(context.TaskId, context.Attempt);
        var line = new HistoryLine
        {
            Op = HistoryOp.Begin,
            Phase = HistoryPhase.Ok,
            Task = offer.Task,
            Attempt = offer.Attempt,
            Token = offer.Token,
            Session = offer.Session,
            Worker = offers.Worker,
        };
        history.Write(line);
        line = line with { Op = HistoryOp.End };
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(payload.Ms), time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            history.Write(line with { Phase = HistoryPhase.Info });
            throw;
        }
        if (context.Attempt <= payload.Failures)
        {
            history.Write(line with { Phase = HistoryPhase.Fail, Detail = payload.Hopeless ? HistoryLine.NotRetryable : null });
            throw new TaskFailedException("chaos", "It was told to fail.", retryable: !payload.Hopeless);
        }

        var result = $$"""{"nonce":"{{Guid.NewGuid():N}}"}""";
        history.Write(line with { Phase = HistoryPhase.Ok, Result = result });
        return new RawJson(Encoding.UTF8.GetBytes(result));
    }
}
