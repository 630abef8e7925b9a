using System.Text;
using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>A worker program as the protocol describes it: registers, takes offers, runs them, reports, beats. It can crash,
/// hang and be cut off. It logs what it produced by itself.</summary>
internal abstract class SimulatedWorker(Simulator simulator, SimulatedBroker broker, Checker checker, Journal journal, RegisterWorker profile)
    : IWorkerHost
{
    /// <summary>Two missed AMQP heartbeats of 5 s.</summary>
    private static readonly TimeSpan HeartbeatLimit = TimeSpan.FromSeconds(10);

    private readonly HashSet<(Guid Task, int Attempt)> _had = [];
    private readonly LinkedList<HeldOffer> _waiting = [];
    private readonly List<Action> _held = [];
    private int _life;
    private int _slotsUsed;
    private bool _isPaused;
    private Way _blocked;

    protected Simulator Simulator => simulator;
    protected SimulatedBroker Broker => broker;
    protected Checker Checker => checker;
    protected Faults Faults => broker.Faults;

    public string Id => profile.Worker;
    public RegisterWorker Profile => profile;
    public bool IsUp { get; private set; }

    protected bool CanSend => (_blocked & Way.Out) == 0;
    protected bool CanHear => (_blocked & Way.In) == 0;
    protected string? Session { get; private set; }
    protected TimeSpan BeatInterval { get; set; } = TimeSpan.FromSeconds(10);
    protected Dictionary<(Guid Task, int Attempt), HeldOffer> Held { get; } = [];
    protected int EpochSeen { get; private set; }
    protected long LastOffer { get; private set; }

    public void Start()
    {
        if (IsUp) return;

        IsUp = true;
        _life++;
        Note("starts");
        Register();
    }

    /// <summary>kill -9: it forgets everything.</summary>
    public bool Crash()
    {
        if (!IsUp) return false;

        Note("crashes");
        Faint();
        foreach (var held in Held.Values) held.End?.Cancel();
        Held.Clear();
        _waiting.Clear();
        _had.Clear();
        (_slotsUsed, EpochSeen, LastOffer) = (0, 0, 0);
        return true;
    }

    /// <summary>SIGTERM: gives everything back and says goodbye.</summary>
    public bool Stop()
    {
        if (!IsUp || _blocked != Way.None || _isPaused || Session is null) return false;

        Note("stops");
        foreach (var held in Held.Values.Where(held => !held.IsFinished).ToList()) Finish(held, WireKind.Released, new TaskError("stopping", ""));
        After(TimeSpan.FromSeconds(2), () =>
        {
            SayGoodbye();
            Crash();
        });
        return true;
    }

    public bool Pause() => _isPaused = IsUp;

    public void Resume()
    {
        _isPaused = false;
        Action[] due = [.. _held];
        _held.Clear();
        foreach (var action in due) action();
    }

    public void Cut(Way blocked)
    {
        var wasCut = _blocked != Way.None;
        _blocked = blocked;
        if (blocked == Way.Both) Disconnect();
        else if (blocked != Way.None) After(simulator.Between(TimeSpan.Zero, HeartbeatLimit), GiveUp);
        else if (wasCut && IsUp && Session is not null) Do(Reconnect);
    }

    /// <summary>Its wall clock is asked by nobody.</summary>
    public bool JumpClock(TimeSpan by) => false;

    protected abstract void Connect();

    protected abstract void Disconnect();

    protected abstract void SayGoodbye();

    protected abstract void Report(string kind, Report report, HeldOffer? ends);

    /// <summary>Asks for a new session until it is given one.</summary>
    protected void Register()
    {
        Disconnect();
        Session = null;
        if (!CanSend)
        {
            After(TimeSpan.FromSeconds(1), Register);
            return;
        }

        var session = simulator.NextGuid().ToString("N");
        var life = _life;
        broker.Ask(profile with { Session = session }, reply => IfAlive(life, () =>
        {
            if (reply is WorkerRegistered registered && CanHear && CanSend) Begin(session, registered.BeatInterval);
            else After(simulator.Milliseconds(200, 2_000), Register);
        }));
    }

    protected void Reconnect()
    {
        Disconnect();
        if (Session is not null) Connect();
    }

    protected void Take(Offer offer)
    {
        // An older leadership, another session, or again: not ours to run.
        if (offer.Session != Session || offer.Epoch < EpochSeen) return;

        EpochSeen = offer.Epoch;
        LastOffer = Math.Max(LastOffer, offer.Number);
        if (!_had.Add((offer.Task, offer.Attempt))) return;

        var held = new HeldOffer(offer);
        Held[held.Key] = held;
        _waiting.AddLast(held);
        journal.Add("takes", Id, offer.Task, offer.Attempt, offer.Token);
        RunWaiting();
    }

    protected void Stop(CanceledAttempt attempt)
    {
        if (Held.TryGetValue((attempt.Task, attempt.Attempt), out var held) && !held.IsFinished)
            Finish(held, WireKind.Released, new TaskError(attempt.Reason, ""));
    }

    protected void Forget(HeldOffer held) => Held.Remove(held.Key);

    protected void After(TimeSpan delay, Action action)
    {
        var life = _life;
        simulator.After(delay, () => IfAlive(life, action));
    }

    protected void Do(Action action) => IfAlive(_life, action);

    protected IReadOnlyList<HeldAttempt> Inventory() => [.. Held.Values.Select(held => new HeldAttempt(held.Offer.Task, held.Offer.Attempt))];

    private void Begin(string session, TimeSpan beatInterval)
    {
        (Session, BeatInterval) = (session, beatInterval);
        Note("is registered", session[..8]);
        Connect();
    }

    /// <summary>Half a connection is none.</summary>
    private void GiveUp()
    {
        if (_blocked != Way.None) Disconnect();
    }

    private void Faint()
    {
        Disconnect();
        (IsUp, Session, _isPaused) = (false, null, false);
        _life++;
        _held.Clear();
    }

    private void IfAlive(int life, Action action)
    {
        if (life != _life || !IsUp) return;

        if (_isPaused) _held.Add(() => IfAlive(life, action));
        else action();
    }

    private void RunWaiting()
    {
        for (var node = _waiting.First; node is not null;)
        {
            var (held, next) = (node.Value, node.Next);
            if (_slotsUsed + held.Offer.Cost <= profile.Slots)
            {
                _waiting.Remove(node);
                Run(held);
            }
            node = next;
        }
    }

    private void Run(HeldOffer held)
    {
        _slotsUsed += held.Offer.Cost;
        held.StartedAt = simulator.Now;
        Report(WireKind.Started, ReportOf(held), ends: null);

        var life = _life;
        var length = simulator.Chance(0.1) ? simulator.Milliseconds(5_000, 25_000) : simulator.Milliseconds(5, 4_000);
        if (Faults.IsHealed) length = simulator.Milliseconds(5, 500);
        if (simulator.Chance(0.2)) After(length / 2, () => TellProgress(held));
        held.End = simulator.After(length, () => IfAlive(life, () => End(held)));
    }

    private void TellProgress(HeldOffer held)
    {
        if (!held.IsFinished && Held.ContainsKey(held.Key)) Report(WireKind.Progress, ReportOf(held) with { Percent = 50 }, ends: null);
    }

    private void End(HeldOffer held)
    {
        if (held.IsFinished) return;

        var luck = Faults.IsHealed ? 1 : simulator.Random.NextDouble();
        if (luck < 0.02) Crash();
        else if (luck < 0.12) Finish(held, WireKind.Failed, new TaskError("broken", simulator.Chance(0.05) ? "a\0b" : "no luck"), simulator.Chance(0.9));
        else if (luck < 0.16) Finish(held, WireKind.Released, new TaskError("busy", ""));
        else Finish(held, WireKind.Succeeded);
    }

    private void Finish(HeldOffer held, string kind, TaskError? error = null, bool? retryable = null)
    {
        held.End?.Cancel();
        if (held.StartedAt is null) _waiting.Remove(held);
        else _slotsUsed -= held.Offer.Cost;
        held.IsFinished = true;

        var report = ReportOf(held) with { Error = error, Retryable = retryable, RetryAfter = retryable == true && simulator.Chance(0.2) ? "500ms" : null };
        if (kind == WireKind.Succeeded && simulator.Chance(0.9))
            report = report with { Result = new RawJson(Encoding.UTF8.GetBytes($"\"{Id} {held.Offer.Token} {simulator.Random.Next()}\"")) };
        checker.Produced(new ProducedReport(Id, report.Task, report.Attempt, report.Token, kind, report.Result.ToArrayOrNull()));
        journal.Add(kind, Id, report.Task, report.Attempt, report.Token);
        Report(kind, report, held);
        RunWaiting();
    }

    private Report ReportOf(HeldOffer held) => new()
    {
        Task = held.Offer.Task,
        Attempt = held.Offer.Attempt,
        Token = held.Offer.Token,
        RanMs = held.StartedAt is { } started ? (long)(simulator.Now - started).TotalMilliseconds : null,
    };

    protected void Note(string what, string? detail = null) => journal.Add(what, Id, detail: detail);
}
