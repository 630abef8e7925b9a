using Broker.Contracts;
using Broker.Scheduler;
using Broker.Storage;

namespace Broker.Bench;

/// <summary>Broker: its own state machine, backlog, index and placement. What a turn commits and sends is left out.</summary>
/// <remarks>What comes in at one moment is decided in one turn, at that moment: the commit is part of the way.</remarks>
internal sealed class CentralBacklog : IContender
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TaskClass Class = new("default", "default", "uneven", [], 1);

    private readonly SchedulerState _state = new(new Leadership(1, 0, new Counters(1, 1, 1), Start)) { Queues = new QueueNames() };
    private readonly Dictionary<string, UnevenWorker> _fleet = [];
    private readonly Dictionary<Guid, UnevenTask> _tasks = [];
    private readonly Dictionary<UnevenTask, TaskRecord> _records = [];
    private readonly ContenderContext _context;
    private TurnDraft? _turn;

    public CentralBacklog(ContenderContext context)
    {
        _context = context;
        _state.Pools["default"] = new PoolSettings { Name = "default" };
        foreach (var member in context.Fleet)
        {
            var worker = new Worker(new WorkerRecord { Id = $"w{member.Number:000000}", Pool = "default", Slots = member.Slots, Session = "s" });
            _fleet[worker.Id] = member;
            _state.Workers[worker.Id] = worker;
            _state.Fleet.Change(worker, worker.Record);
        }
    }

    public void Submit(UnevenTask task)
    {
        var turn = Turn();
        var record = new TaskRecord
        {
            Id = new Guid(task.Number, 0, 0, new byte[8]),
            Class = _state.Intern(Class),
            Priority = Limits.DefaultPriority,
            MaxAttempts = 3,
            Timeout = TimeSpan.FromHours(1),
            Seq = _state.NextSeq++,
            CreatedAt = turn.Now,
        };
        _tasks[record.Id] = task;
        _records[task] = record;
        TaskLifecycle.Raise(turn, record, TaskLifecycle.Machine.Submitted, new Submitted(turn));
    }

    public void Finished(UnevenWorker worker, UnevenTask task)
    {
        var turn = Turn();
        _records.Remove(task, out var record);
        _tasks.Remove(record!.Id);
        var report = new Report { Task = record.Id, Attempt = record.Attempt, Token = record.Token.ToString() };
        TaskLifecycle.Raise(turn, record, TaskLifecycle.Machine.SuccessReported, new SuccessReported(turn, report, record.Token, record.Worker!));
    }

    /// <summary>The turn of this moment, which ends when all that came in has been heard.</summary>
    private TurnDraft Turn()
    {
        if (_turn is not null) return _turn;

        _context.Time.After(TimeSpan.Zero, End);
        return _turn = new TurnDraft(_state, Start + _context.Time.Now);
    }

    private void End()
    {
        var turn = _turn!;
        _turn = null;
        if (Placer.Place(turn)) Turn();
        foreach (var (worker, record) in turn.Offers) _context.Send(_fleet[worker.Id], _tasks[record.Id]);

        // Nothing here fails or falls silent.
        _state.Deadlines.Compact(_ => false);
    }
}
