using Broker.Contracts;
using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>RabbitMQ, as far as anybody can tell from outside.</summary>
internal sealed class SimulatedBroker
{
    private static readonly TimeSpan CommandLife = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BeatLife = TimeSpan.FromSeconds(15);

    private readonly Simulator _simulator;
    private readonly Checker _checker;
    private readonly Journal _journal;
    private readonly List<Attachment> _attached = [];
    private readonly Dictionary<string, WorkerQueue> _workers = [];
    private int _restarts;

    public SimulatedBroker(Simulator simulator, Faults faults, Checker checker, Journal journal)
    {
        (_simulator, Faults, _checker, _journal) = (simulator, faults, checker, journal);
        Submissions = new SharedQueue(simulator, _attached, TimeSpan.MaxValue, isQuorum: true);
        Reports = new SharedQueue(simulator, _attached, TimeSpan.MaxValue, isQuorum: true);
        Commands = new SharedQueue(simulator, _attached, CommandLife, isQuorum: true);
        Beats = new SharedQueue(simulator, _attached, BeatLife, isQuorum: false);
        faults.Killed += Drop;
    }

    public Faults Faults { get; }

    /// <summary>Killed, and not up again yet.</summary>
    public bool IsDown { get; private set; }

    public World World => _checker.World;
    public SharedQueue Submissions { get; }
    public SharedQueue Reports { get; }
    public SharedQueue Commands { get; }
    public SharedQueue Beats { get; }

    public WorkerQueue QueueOf(string worker)
    {
        if (!_workers.TryGetValue(worker, out var queue)) _workers[worker] = queue = new WorkerQueue(_simulator, Faults);
        return queue;
    }

    public Attachment Attach(Attachment attachment)
    {
        _attached.Add(attachment);
        PumpAll();
        return attachment;
    }

    /// <summary>kill -9. Connections break, and nothing comes in until it is up again.</summary>
    /// <param name="keepsClassic">Whether the workers' queues keep what they hold, which no confirm promised.</param>
    public bool RestartFor(TimeSpan length, bool keepsClassic)
    {
        if (IsDown) return false;

        IsDown = true;
        _restarts++;
        foreach (var attachment in _attached.ToList()) attachment.Break();
        foreach (var queue in new[] { Submissions, Reports, Commands, Beats }) queue.Restart();
        foreach (var queue in _workers.Values) queue.Restart(keepsClassic);
        _simulator.After(length, ComeBack);
        return true;
    }

    public void ComeBack()
    {
        IsDown = false;
        PumpAll();
    }

    public void Detach(Attachment attachment) => _attached.Remove(attachment);

    public void PumpAll()
    {
        Commands.Pump();
        Reports.Pump();
        Beats.Pump();
        Submissions.Pump();
    }

    /// <summary>The process's connections break: it is dead, or did not answer heartbeats.</summary>
    public void Drop(SimulatedProcess process)
    {
        if (AttachmentOf(process) is { } attachment)
            _simulator.After(_simulator.Milliseconds(1, 20), attachment.Break);
    }

    /// <summary>Quartz runs on the leader alone.</summary>
    public void Review()
    {
        foreach (var attachment in _attached) attachment.Review();
    }

    /// <summary>Persistent and confirmed: reports back whether it stands; a lost confirm looks like a lost message.</summary>
    public void Publish(SharedQueue queue, object body, Action confirmed)
    {
        if (Faults.LosesOnWire()) return;

        _simulator.After(Faults.Travel(), () =>
        {
            if (IsDown) return;

            var message = queue.Publish(body);
            if (Faults.Duplicated()) queue.Publish(body);
            if (!Faults.LosesOnWire()) Confirm(message, confirmed);
        });
    }

    /// <summary>A request with its reply; null after five seconds without one.</summary>
    public void Ask(object command, Action<object?> answered)
    {
        var isOver = false;
        void Finish(object? reply)
        {
            if (isOver) return;

            isOver = true;
            answered(reply);
        }

        _simulator.After(CommandLife, () => Finish(null));
        if (Faults.LosesOnWire()) return;

        _simulator.After(Faults.Travel(), () =>
        {
            if (!IsDown) Commands.Publish(command, Finish);
        });
    }

    public void Answer(QueuedMessage message, object reply)
    {
        if (IsDown || Faults.LosesOnWire()) return;

        _simulator.After(Faults.Travel(), () =>
        {
            if (!IsDown) message.Answer?.Invoke(reply);
        });
    }

    public void Route(SimulatedProcess sender, WorkerMessage message)
    {
        var queue = QueueOf(message.Worker);
        if (queue.Exists) queue.Add(message);
        else _simulator.After(_simulator.Milliseconds(0.1, 3), () => AttachmentOf(sender)?.Return(message.Worker, message.Attempts));
    }

    public void NoteHeard(int epoch, object body)
    {
        if (body is BeatMessage beat) _checker.Heard(epoch, beat.Worker, beat.Session, _simulator.Now);
        if (body is ReportMessage report) _checker.Heard(epoch, report.Worker, report.Session, _simulator.Now);
        if (body is InventoryMessage inventory) _checker.Heard(epoch, inventory.Worker, inventory.Session, _simulator.Now);
    }

    /// <summary>The load of a run is far below what an inbox takes: nobody empties it.</summary>
    public void NoteFull(SimulatedProcess process) =>
        _checker.World.Report("X3", $"{process.Name} does not empty its inbox");

    public void CheckSettled(object body)
    {
        if (body is TaskSubmitted submitted) _checker.Messages.SubmissionSettled(submitted);
        if (body is ReportMessage report) _checker.Messages.ReportSettled(report);
    }

    public void CheckAnswered(object command, object reply)
    {
        _journal.Add("answers", command.GetType().Name, command is CancelTask cancel ? cancel.Task : default, detail: reply.GetType().Name);
        _checker.Messages.Answered(command, reply);
    }

    public void CheckSent(SimulatedProcess sender, WorkerMessage message)
    {
        var first = message.Attempts.Count > 0 ? message.Attempts[0].Task : default;
        _journal.Add("is sent", message.Worker, first, detail: $"{message.Body.GetType().Name} by {sender.Name}");
        _checker.Messages.Sent(message.Worker, message.Body, sender.Epoch);
    }

    /// <summary>First it stands, then its publisher hears so, unless the server died in between.</summary>
    private void Confirm(QueuedMessage message, Action confirmed)
    {
        var restarts = _restarts;
        _simulator.After(_simulator.Milliseconds(0.1, 3), () =>
        {
            if (restarts != _restarts) return;

            message.IsConfirmed = true;
            _simulator.After(Faults.Travel(), () =>
            {
                if (restarts == _restarts) confirmed();
            });
        });
    }

    private Attachment? AttachmentOf(SimulatedProcess process) => _attached.Find(attachment => attachment.Process == process);
}
