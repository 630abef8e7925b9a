using Broker.TestKit;

namespace Broker.Chaos;

/// <summary>A process of ours with its own links, which is killed, paused and started again under the same name.</summary>
internal sealed class Member(string name, Func<Member, BrokerProcess> start, TcpProxy? rabbitMq, PostgresLink? postgres) : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _starting = new();
    private int _claimed;

    public string Name => name;

    /// <summary>Null for one that does not reach RabbitMQ itself.</summary>
    public TcpProxy? RabbitMq => rabbitMq;

    /// <summary>Null for one that does not reach PostgreSQL.</summary>
    public PostgresLink? Postgres => postgres;

    public BrokerProcess? Process { get; private set; }

    /// <summary>Whether it should run: then it is started again if it ends by itself.</summary>
    public bool IsWanted { get; private set; }

    public bool IsRunning => Process is { HasExited: false };

    /// <summary>Times it ended without having been told to.</summary>
    public int Ends { get; private set; }

    /// <summary>Takes it for one fault. False if another has it.</summary>
    public bool TryClaim() => Interlocked.CompareExchange(ref _claimed, 1, 0) == 0;

    public void Release() => Volatile.Write(ref _claimed, 0);

    public void Start()
    {
        lock (_starting)
        {
            if (!IsRunning) Process = start(this);
            IsWanted = true;
        }
    }

    /// <summary>Starts it if it ended by itself.</summary>
    public void Revive()
    {
        lock (_starting)
        {
            if (!IsWanted || IsRunning) return;

            Ends++;
            Process = start(this);
        }
    }

    /// <summary>kill -9. False if it did not run.</summary>
    public async Task<bool> KillAsync()
    {
        IsWanted = false;
        if (!IsRunning) return false;

        await Process!.SignalAsync("KILL");
        return await Process.WaitForExitAsync(TimeSpan.FromSeconds(30)) == 128 + 9;
    }

    /// <summary>Asks it to stop; its exit code, once it has.</summary>
    public async Task<int> StopAsync()
    {
        IsWanted = false;
        await Process!.SignalAsync("TERM");
        return await Process.WaitForExitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>SIGSTOP. False if it is not stopped then.</summary>
    public async Task<bool> PauseAsync()
    {
        if (!IsRunning) return false;

        await Process!.SignalAsync("STOP");
        return await ClusterWatch.UntilAsync(() => IsStopped(Process.Id), TimeProvider.System.GetTimestamp(), StopLimit) is not null;
    }

    public Task ContinueAsync() => IsRunning ? Process!.SignalAsync("CONT") : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        IsWanted = false;
        if (Process is not null) await Process.DisposeAsync();
        if (rabbitMq is not null) await rabbitMq.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
    }

    /// <summary>The state follows the name, which is in brackets.</summary>
    private static bool IsStopped(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].StartsWith('T');
    }
}
