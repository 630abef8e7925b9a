using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>A worker with a queue of its own. Reports and inventories leave in order, each confirmed before the next.</summary>
internal sealed class AmqpWorker(Simulator simulator, SimulatedBroker broker, Checker checker, Journal journal, RegisterWorker profile)
    : SimulatedWorker(simulator, broker, checker, journal, profile)
{
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(2);

    // An inventory is made when it leaves, so that it is in order with the reports before it.
    private readonly Queue<(ReportMessage? Report, HeldOffer? Ends)> _outbox = new();
    private readonly List<WorkerDelivery> _unheard = [];
    private WorkerConsumer? _consumer;
    private int _sending;
    private int _sends;
    private int _connection;
    private int _beats;

    protected override void Connect()
    {
        var connection = ++_connection;
        if (Broker.IsDown)
        {
            After(TimeSpan.FromSeconds(1), () =>
            {
                if (connection == _connection) Connect();
            });
            return;
        }

        var consumer = new WorkerConsumer(Hear, canceled: () => Do(Register), broken: () => Do(Reconnect));
        if (!Broker.QueueOf(Id).Consume(consumer))
        {
            After(TimeSpan.FromSeconds(1), Register);
            return;
        }

        _consumer = consumer;
        SendInventory();
        After(BeatInterval * (0.9 + 0.1 * Simulator.Random.NextDouble()), () => Beat(connection));
        Pump();
    }

    protected override void Disconnect()
    {
        if (_consumer is not null) Broker.QueueOf(Id).Cancel(_consumer, _unheard);
        _consumer = null;
        _unheard.Clear();
        _connection++;
        if (!IsUp) _outbox.Clear();
        _sending = 0;
    }

    protected override void SayGoodbye()
    {
        if (Session is not null && CanSend && !Broker.IsDown && !Faults.LosesOnWire())
            Broker.Beats.Publish(new BeatMessage { Worker = Id, Session = Session, Goodbye = true });
    }

    protected override void Report(string kind, Report report, HeldOffer? ends)
    {
        _outbox.Enqueue((new ReportMessage { Kind = kind, Worker = Id, Session = Session ?? "", Reports = [report] }, ends));
        Pump();
    }

    /// <summary>Acknowledged as it arrives; what does not arrive comes again when the connection is given up.</summary>
    private void Hear(WorkerDelivery delivery)
    {
        if (CanHear) Do(() => Receive(delivery.Body));
        else _unheard.Add(delivery);
    }

    private void Receive(object body)
    {
        if (body is OfferMessage offers)
            foreach (var offer in offers.Offers) Take(offer);
        if (body is CancelMessage cancels)
            foreach (var attempt in cancels.Attempts) Stop(attempt);
        if (body is SettingsMessage settings) Obey(settings);
    }

    private void Obey(SettingsMessage settings)
    {
        if (Durations.TryParse(settings.BeatInterval, out var interval)) BeatInterval = interval;
        if (settings.SendInventory) SendInventory();
        if (settings.RegisterAgain is { } over && over == Session) Register();
    }

    private void Beat(int connection)
    {
        if (connection != _connection || Session is null) return;

        if (CanSend) Broker.Publish(Broker.Beats, new BeatMessage { Worker = Id, Session = Session }, static () => { });
        if (++_beats % 3 == 0) SendInventory();
        After(BeatInterval * (0.9 + 0.1 * Simulator.Random.NextDouble()), () => Beat(connection));
    }

    private void SendInventory()
    {
        _outbox.Enqueue((null, null));
        Pump();
    }

    /// <summary>Sends the oldest message until it is confirmed.</summary>
    private void Pump()
    {
        if (_sending != 0 || _outbox.Count == 0 || _consumer is null || Session is null) return;

        var (report, ends) = _outbox.Peek();
        var sending = _sending = ++_sends;
        object body = report is null
            ? new InventoryMessage { Worker = Id, Session = Session, LastOffer = LastOffer, Attempts = Inventory() }
            : report with { Session = Session };
        if (body is InventoryMessage inventory) Checker.Listed(inventory);
        if (CanSend) Broker.Publish(Broker.Reports, body, () => Do(() => Confirm(sending, ends)));
        After(ConfirmTimeout, () =>
        {
            if (_sending != sending) return;

            _sending = 0;
            Pump();
        });
    }

    private void Confirm(int sending, HeldOffer? ends)
    {
        if (_sending != sending || !CanHear) return;

        _sending = 0;
        _outbox.Dequeue();
        if (ends is not null) Forget(ends);
        Pump();
    }
}
