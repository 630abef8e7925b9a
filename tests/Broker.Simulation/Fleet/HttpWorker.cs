using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>A worker without a queue: it polls for its offers through an API process, which reads them from the database.</summary>
internal sealed class HttpWorker(
    Simulator simulator, SimulatedBroker broker, SimulatedDatabase database, Checker checker, Journal journal, RegisterWorker profile)
    : SimulatedWorker(simulator, broker, checker, journal, profile)
{
    private readonly Queue<(string Kind, Report Report, HeldOffer? Ends)> _outbox = new();
    private int _connection;
    private bool _isSending;

    protected override void Connect()
    {
        var connection = ++_connection;
        Poll(connection);
        After(BeatInterval / 2, () => Beat(connection));
        Pump();
    }

    protected override void Disconnect()
    {
        _connection++;
        if (!IsUp) _outbox.Clear();
        _isSending = false;
    }

    protected override void SayGoodbye()
    {
        // HTTP has no goodbye: silence says it.
    }

    protected override void Report(string kind, Report report, HeldOffer? ends)
    {
        _outbox.Enqueue((kind, report, ends));
        Pump();
    }

    private void Poll(int connection)
    {
        if (connection != _connection) return;

        if (!database.IsDown && CanSend && CanHear)
            foreach (var row in database.HttpOffers.Where(row => row.Worker == Id && row.Session == Session).ToList())
                if (database.Find(row.Task) is { } task && task.Attempt == row.Attempt)
                    Take(new Offer
                    {
                        Task = row.Task,
                        Type = task.Class.Type,
                        Priority = task.Priority,
                        Pool = task.Class.Pool,
                        Attempt = row.Attempt,
                        Token = row.Token.ToString(),
                        Session = row.Session,
                        Epoch = EpochSeen,
                        Number = row.Token.Number,
                        Cost = task.Class.Cost,
                        Timeout = Durations.Format(task.Timeout),
                        Payload = new RawJson(database.PayloadOf(row.Task)),
                    });
        After(Simulator.Milliseconds(300, 2_000), () => Poll(connection));
    }

    private void Beat(int connection)
    {
        if (connection != _connection || Session is not { } session) return;

        var beat = new WorkerBeat { Worker = Id, Session = session, Attempts = Inventory() };
        Checker.Listed(beat);
        Ask(new BeatWorkers { Beats = [beat] }, reply =>
        {
            if (connection != _connection || reply is not WorkersBeat { Answers: [var answer] }) return;

            if (answer.Code is not null) Register();
            foreach (var attempt in answer.Cancel ?? []) Stop(attempt);
        });
        After(BeatInterval * (0.9 + 0.1 * Simulator.Random.NextDouble()), () => Beat(connection));
    }

    private void Pump()
    {
        if (_isSending || _outbox.Count == 0 || Session is null) return;

        _isSending = true;
        var connection = _connection;
        var (kind, report, ends) = _outbox.Peek();
        Ask(new ReportAttempts { Reports = [new HttpReport { Kind = kind, Report = report }] }, reply =>
        {
            if (connection != _connection) return;

            _isSending = false;
            if (reply is not null)
            {
                _outbox.Dequeue();
                if (ends is not null) Forget(ends);
            }
            Pump();
        });
    }

    /// <summary>A request may be lost on its way there or back.</summary>
    private void Ask(object command, Action<object?> answered)
    {
        if (CanSend) Broker.Ask(command, reply => Do(() => answered(CanHear ? reply : null)));
        else After(TimeSpan.FromSeconds(5), () => answered(null));
    }
}
