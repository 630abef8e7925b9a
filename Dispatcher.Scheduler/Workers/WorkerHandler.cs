using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>A worker's life: registered, heard of, suspect, lost, gone.</summary>
internal static class WorkerHandler
{
    /// <summary>More than a process that can't reach Broker for a while begins.</summary>
    private const int PastSessionLimit = 4;

    /// <summary>Starts a session; the attempts of an earlier one end at once, at no cost.</summary>
    public static object Register(TurnDraft turn, RegisterWorker command)
    {
        var state = turn.State;
        if (!state.Pools.TryGetValue(command.Pool, out var pool))
            return Refuse(ProblemCode.UnknownPool, $"There is no pool '{command.Pool}'. Make it with PUT /v1/pools/{command.Pool}.");

        var before = state.Workers.GetValueOrDefault(command.Worker);
        var worker = before ?? new Worker(RecordOf(command, null, turn.Now));
        if (!IsKnown(before?.Record, command.Session)) Begin(turn, worker, command, before?.Record, pool);
        if (command.Transport == WorkerTransport.Amqp) turn.Declares.Add(worker.Id);
        worker.HeardAt = turn.Now;
        // Also of a session that is over: a leader that took over after it ended never told it an interval.
        worker.BeatInterval = WorkerLiveness.IntervalFor(pool.HeartbeatInterval, state.OnlineWorkers);
        worker.ReconnectSpread = WorkerLiveness.SpreadFor(state.OnlineWorkers);

        var overAmqp = command.Transport == WorkerTransport.Amqp;
        return new WorkerRegistered
        {
            Worker = worker.Id,
            Session = command.Session,
            Queue = overAmqp ? state.Queues.Worker(worker.Id) : null,
            ReportsQueue = overAmqp ? state.Queues.Reports : null,
            BeatsQueue = overAmqp ? state.Queues.Beats : null,
            BeatInterval = worker.BeatInterval,
            ReconnectSpread = worker.ReconnectSpread,
        };
    }

    /// <summary>RabbitMQ delivers a registration again whose acknowledgement it lost, perhaps after a newer one.</summary>
    private static bool IsKnown(WorkerRecord? record, string session) =>
        record is not null && (record.Session == session || record.PastSessions?.Contains(session) == true);

    private static void Begin(TurnDraft turn, Worker worker, RegisterWorker command, WorkerRecord? before, PoolSettings pool)
    {
        turn.State.Workers[worker.Id] = worker;
        worker.HasSpoken = false;
        EndAttempts(turn, worker, AttemptOutcome.Interrupted, "worker-restarted");
        worker.ForgetCancels();
        turn.Change(worker, RecordOf(command, before, turn.Now));
        turn.NoteFleet("registered", command.Pool, command.Worker, null, command.Worker);
        Trust(turn, worker, WorkerLiveness.IntervalFor(pool.HeartbeatInterval, turn.State.OnlineWorkers));
    }

    /// <summary>A sign of life. False if the session is not the worker's current one, or over: then it is told so.</summary>
    public static bool Hear(TurnDraft turn, string id, string session)
    {
        if (!turn.State.Workers.TryGetValue(id, out var worker) || worker.Record.Liveness is Liveness.Lost or Liveness.Offline)
        {
            if (worker is null || worker.Record.Transport == WorkerTransport.Amqp) turn.SendBack(id, session, replaced: false);
            return false;
        }
        if (worker.Record.Session != session)
        {
            // Only a newer session that was heard of is somebody's. If it stays silent, this one may come back.
            var judged = worker.HasSpoken ? Liveness.Online : Liveness.Suspect;
            if (worker.Record.Transport == WorkerTransport.Amqp && worker.Record.Liveness == judged)
                turn.SendBack(id, session, worker.HasSpoken);
            return false;
        }

        worker.HasSpoken = true;
        worker.HeardAt = turn.Now;
        if (worker.Record.Liveness != Liveness.Online)
        {
            turn.Change(worker, worker.Record with { Liveness = Liveness.Online });
            turn.NoteFleet("online", worker.Record.Pool, id, null, null);
        }
        return true;
    }

    public static void Beat(TurnDraft turn, BeatMessage beat)
    {
        if (beat.Goodbye) SayGoodbye(turn, beat);
        else if (Hear(turn, beat.Worker, beat.Session)) TellPace(turn, turn.State.Workers[beat.Worker]);
    }

    /// <summary>Beats of HTTP workers; the answers carry what AMQP workers get through their queue.</summary>
    public static WorkersBeat Beat(TurnDraft turn, BeatWorkers command) =>
        new() { Answers = [.. command.Beats.Select(beat => Answer(turn, beat))] };

    /// <summary>Time to look when a worker was last heard of.</summary>
    public static void Judge(TurnDraft turn, Worker worker)
    {
        var silentSince = worker.HeardAt > worker.TrustedSince ? worker.HeardAt.Value : worker.TrustedSince;
        var liveness = WorkerLiveness.Judge(turn.Now - silentSince, worker.BeatInterval, turn.State.Leases.Silence);
        if (liveness == Liveness.Lost && (turn.State.IsDeafTo(worker) || !MayLose(turn, worker))) liveness = Liveness.Suspect;

        if (liveness == Liveness.Lost)
        {
            Lose(turn, worker, turn.Now - silentSince);
            return;
        }
        if (liveness == Liveness.Suspect && worker.Record.Liveness == Liveness.Online)
        {
            turn.Change(worker, worker.Record with { Liveness = Liveness.Suspect });
            turn.NoteFleet("suspect", worker.Record.Pool, worker.Id, $"silent for {Durations.Format(turn.Now - silentSince)}", null);
        }

        var next = silentSince + (liveness == Liveness.Online
            ? WorkerLiveness.SuspectAfter(worker.BeatInterval) : WorkerLiveness.LostAfter(worker.BeatInterval, turn.State.Leases.Silence));
        var soonest = turn.Now + TimeSpan.FromSeconds(1);
        LookAgain(turn, worker, next > soonest ? next : soonest);
    }

    /// <summary>Begins to judge the worker's silence from now on.</summary>
    public static void Trust(TurnDraft turn, Worker worker, TimeSpan interval)
    {
        worker.TrustedSince = turn.Now;
        worker.BeatInterval = interval;
        worker.ReconnectSpread = WorkerLiveness.SpreadFor(turn.State.OnlineWorkers);
        LookAgain(turn, worker, turn.Now + WorkerLiveness.SuspectAfter(interval));
    }

    public static void EndAttempts(TurnDraft turn, Worker worker, string outcome, string reason)
    {
        foreach (var task in worker.Held.Values.OrderBy(task => task.Seq).ToList())
            TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.AttemptEnded, new AttemptEnded(turn, outcome, reason));
    }

    public static CommandRefused Refuse(string code, string detail) => new() { Code = code, Detail = detail };

    private static void SayGoodbye(TurnDraft turn, BeatMessage beat)
    {
        if (!turn.State.Workers.TryGetValue(beat.Worker, out var worker) || worker.Record.Session != beat.Session
            || worker.Record.Liveness == Liveness.Offline)
            return;

        EndAttempts(turn, worker, AttemptOutcome.Interrupted, "worker-stopped");
        turn.Change(worker, worker.Record with { Liveness = Liveness.Offline });
        turn.NoteFleet("offline", worker.Record.Pool, worker.Id, null, worker.Id);
    }

    private static void Lose(TurnDraft turn, Worker worker, TimeSpan silence)
    {
        var reason = $"silent for {Durations.Format(TimeSpan.FromSeconds(Math.Round(silence.TotalSeconds)))}";
        EndAttempts(turn, worker, AttemptOutcome.Lost, "worker-lost");
        turn.Change(worker, worker.Record with { Liveness = Liveness.Lost });
        turn.NoteFleet("lost", worker.Record.Pool, worker.Id, reason, null);
    }

    private static void LookAgain(TurnDraft turn, Worker worker, DateTimeOffset at) =>
        turn.State.Deadlines.Add(WorkerLiveness.LookAt(at, worker.BeatInterval), new Deadline.Silence(worker.Id, worker.Record.Session));

    private static bool MayLose(TurnDraft turn, Worker worker) => turn.State.Brake.MayLose(
        turn.Now, turn.State.OnlineWorkers, turn.State.SuspectWorkers,
        WorkerLiveness.LostAfter(worker.BeatInterval, turn.State.Leases.Silence), turn.Now - turn.State.TookOverAt);

    private static void TellPace(TurnDraft turn, Worker worker)
    {
        var spread = WorkerLiveness.SpreadFor(turn.State.OnlineWorkers);
        var interval = WorkerLiveness.IntervalFor(
            turn.State.Pools.GetValueOrDefault(worker.Record.Pool)?.HeartbeatInterval ?? worker.BeatInterval, turn.State.OnlineWorkers);
        if (interval == worker.BeatInterval && spread < 2 * worker.ReconnectSpread) return;

        (worker.BeatInterval, worker.ReconnectSpread) = (interval, spread);
        if (worker.Record.Transport == WorkerTransport.Amqp)
            turn.Words.Add((worker.Id, new SettingsMessage { BeatInterval = Durations.Format(interval), ReconnectSpread = Durations.Format(spread) }));
    }

    private static WorkerBeatAnswer Answer(TurnDraft turn, WorkerBeat beat)
    {
        if (!turn.State.Workers.TryGetValue(beat.Worker, out var worker)) return new WorkerBeatAnswer { Code = ProblemCode.UnknownWorker };
        var heardBefore = worker.HeardAt;
        if (!Hear(turn, beat.Worker, beat.Session)) return new WorkerBeatAnswer { Code = ProblemCode.StaleSession };

        TellPace(turn, worker);
        if (beat.Attempts is { } attempts) InventoryHandler.Handle(turn, worker, attempts, heardBefore);
        var answer = new WorkerBeatAnswer
        {
            BeatInterval = worker.BeatInterval,
            Cancel = worker.CancelsToTell.Count > 0 ? [.. worker.CancelsToTell] : null,
            Drain = worker.Record.Admission == Admission.Draining,
        };
        worker.ForgetCancels();
        return answer;
    }

    private static WorkerRecord RecordOf(RegisterWorker command, WorkerRecord? before, DateTimeOffset now) => new()
    {
        Id = command.Worker,
        Session = command.Session,
        PastSessions = before is null ? null : [before.Session, .. before.PastSessions?.Take(PastSessionLimit - 1) ?? []],
        Pool = command.Pool,
        Slots = command.Slots,
        Types = command.Types,
        Labels = command.Labels ?? new Dictionary<string, string>(),
        Role = command.Role,
        Transport = command.Transport,
        MaxBatch = command.MaxBatch,
        Version = command.Version,
        Liveness = Liveness.Online,
        // What an operator or Broker forbade stays forbidden; a drain is done when the worker comes back.
        Admission = before?.Admission is Admission.Cordoned or Admission.Quarantined ? before.Admission : Admission.Open,
        Reason = before?.Admission is Admission.Cordoned or Admission.Quarantined ? before.Reason : null,
        Activated = before is { Activated: true } && command.Role == WorkerRole.Reserve,
        ActivatedByHand = before is { ActivatedByHand: true } && command.Role == WorkerRole.Reserve,
        RegisteredAt = now,
    };
}
