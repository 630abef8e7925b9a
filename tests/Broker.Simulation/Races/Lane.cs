using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>A worker that does as the race needs, and tasks that only it can take.</summary>
internal abstract class Lane(RaceGround ground, int number, int races)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _label = $"{number}";
    private WorkerConsumer? _consumer;
    private int _left = races;

    protected string Id { get; } = $"lane{number}";

    protected RaceGround Ground => ground;

    protected Random Random => ground.Simulator.Random;

    protected string Session { get; private set; } = "";

    protected CheckedWorker Worker => ground.Checker.World.Workers[Id];

    public void Begin() => Register(Race);

    /// <summary>Starts the next race, and ends with <see cref="Over"/>.</summary>
    protected abstract void Race();

    protected abstract void Offered(Offer offer);

    protected virtual void Stop(CanceledAttempt attempt)
    {
    }

    /// <summary>Registers with a new session, and takes what comes.</summary>
    protected void Register(Action? registered = null)
    {
        // What comes for the new session waits in the queue until the worker knows it.
        var queue = ground.Broker.QueueOf(Id);
        if (_consumer is not null) queue.Cancel(_consumer, []);
        var session = ground.Simulator.NextGuid().ToString("N");
        var command = new RegisterWorker
        {
            Worker = Id,
            Session = session,
            Pool = "default",
            Slots = 1,
            Labels = new Dictionary<string, string> { ["lane"] = _label },
            Role = WorkerRole.Active,
            Transport = WorkerTransport.Amqp,
            MaxBatch = 1,
        };
        ground.Broker.Ask(command, reply =>
        {
            if (reply is not WorkerRegistered)
            {
                Register(registered);
                return;
            }

            Session = session;
            _consumer = new WorkerConsumer(Receive, canceled: static () => { }, broken: static () => { });
            queue.Consume(_consumer);
            registered?.Invoke();
        });
    }

    protected Guid Submit()
    {
        var task = new SubmittedTask
        {
            Id = TaskIds.Next(Random, ground.Simulator.Now),
            Type = "mail",
            Priority = 4,
            Pool = "default",
            Requires = new Dictionary<string, string> { ["lane"] = _label },
            Cost = 1,
            Timeout = TimeSpan.FromMinutes(1),
        };
        ground.Checker.World.HandedIn[task.Id] = task;
        ground.Broker.Publish(ground.Broker.Submissions, new TaskSubmitted { AcceptedAt = ground.Simulator.Now, Tasks = [task] },
            () => ground.Checker.World.Accepted.Add(task.Id));
        return task.Id;
    }

    protected void Say(string kind, Offer offer)
    {
        Log(kind, offer);
        ground.Broker.Publish(ground.Broker.Reports,
            new ReportMessage { Kind = kind, Worker = Id, Session = Session, Reports = [ReportOn(offer)] }, static () => { });
    }

    /// <summary>Over HTTP, where the answer tells what became of it.</summary>
    protected void Say(string kind, Offer offer, Action<ReportAnswer> answered)
    {
        Log(kind, offer);
        ground.Broker.Ask(new ReportAttempts { Reports = [new HttpReport { Kind = kind, Report = ReportOn(offer) }] }, reply =>
        {
            if (reply is AttemptsReported { Answers: [var answer] }) answered(answer);
            else Fail($"{Id} got {reply} for its report of {offer.Task}", offer.Task);
        });
    }

    protected CheckedTask? Find(Guid task) => ground.Checker.World.Tasks.GetValueOrDefault(task);

    protected void After(TimeSpan delay, Action action) => ground.Simulator.After(delay, action);

    protected TimeSpan Milliseconds(double least, double most) => Random.Milliseconds(least, most);

    /// <summary>Looks again and again until it holds.</summary>
    protected void When(Func<bool> condition, Action then, string what)
    {
        var limit = ground.Simulator.Now + Patience;
        Look();

        void Look()
        {
            if (condition()) then();
            else if (ground.Simulator.Now > limit) Fail($"{Id} waited in vain: {what}", null);
            else After(TimeSpan.FromMilliseconds(20), Look);
        }
    }

    protected void Over(string outcome)
    {
        ground.Count(outcome);
        if (--_left > 0) After(Milliseconds(1, 10), Race);
        else ground.Close();
    }

    protected void Expect(bool holds, string what, Guid? task)
    {
        if (!holds) Fail(what, task);
    }

    private void Fail(string what, Guid? task) => ground.Checker.World.Report("R1", what, task, Id);

    private void Receive(WorkerDelivery delivery)
    {
        if (delivery.Body is OfferMessage offers)
            foreach (var offer in offers.Offers.Where(offer => offer.Session == Session)) Offered(offer);
        if (delivery.Body is CancelMessage cancels)
            foreach (var attempt in cancels.Attempts) Stop(attempt);
    }

    private void Log(string kind, Offer offer)
    {
        if (kind != WireKind.Started) ground.Checker.Produced(new ProducedReport(Id, offer.Task, offer.Attempt, offer.Token, kind, null));
    }

    private static Report ReportOn(Offer offer) => new() { Task = offer.Task, Attempt = offer.Attempt, Token = offer.Token };
}
