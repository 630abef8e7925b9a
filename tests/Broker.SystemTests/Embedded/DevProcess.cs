using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary><c>broker dev</c> on a free port, with a data folder that outlives its processes and goes with the test.</summary>
internal sealed class DevProcess : IAsyncDisposable
{
    private readonly string _data;
    private readonly int _port = Ports.Free();
    private readonly List<BrokerProcess> _processes = [];

    /// <param name="data">Its data folder, the caller's; null for one of its own.</param>
    public DevProcess(string? data = null)
    {
        _data = data ?? Directory.CreateTempSubdirectory("broker-dev-").FullName;
        Api = new ApiClient(Address);
    }

    public string Database => Path.Combine(_data, "broker.db");

    public Uri Address => new($"http://localhost:{_port}");

    public ApiClient Api { get; }

    /// <summary>Starts, once more after the last one has ended; does not wait.</summary>
    /// <param name="port">Another port than its own.</param>
    public BrokerProcess Start(int? port = null)
    {
        var process = BrokerProcess.StartOurs("Broker.Cli",
            ["dev", "--port", $"{port ?? _port}", "--data", _data, "--file-root", FileRun.Root, "--slots", "4"], assembly: "broker");
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts and waits until tasks can be handed in.</summary>
    public async Task<BrokerProcess> StartReadyAsync()
    {
        var process = Start();
        await Api.WaitUntilReadyAsync(TimeSpan.FromSeconds(60));
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        Api.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
