using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Nobody takes what the services log: work goes on, and what does not fit is dropped.</summary>
[Trait("Kind", "fault")]
public sealed class LogTests
{
    private const int TaskCount = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a pipe holds, in bytes.</summary>
    private const int PipeLength = 65_536;

    /// <summary>Everything they have to say, all the time, and no room for it.</summary>
    private static readonly Dictionary<string, string> Verbose = new()
    {
        ["Logging__LogLevel__Default"] = "Trace",
        ["Logging__LogLevel__Quartz"] = "Trace",
        ["Logging__Console__MaxQueueLength"] = "1",
    };

    /// <summary>Row 72 of the faults.</summary>
    [Fact]
    public async Task A_pipe_that_nobody_reads_holds_nobody_up()
    {
        var folder = Directory.CreateTempSubdirectory("broker-log-");
        try
        {
            string[] paths = [Path.Combine(folder.FullName, "scheduler"), Path.Combine(folder.FullName, "api")];
            await using (var make = BrokerProcess.Start("mkfifo", paths)) await make.WaitForExitAsync(Patience);
            await using var scheduler = Open(paths[0]);
            await using var api = Open(paths[1]);
            await using var broker = await StartAsync(paths[0], paths[1]);

            await RunAsync(broker);

            // Proof that both were full: read again, they say so.
            var said = Task.WhenAll(ReadToDropAsync(scheduler), ReadToDropAsync(api));
            await Eventually.Async(
                async () => await broker.Api.StatusOfAsync("/v1/stats") > 0 && said.IsCompletedSuccessfully, done => done, "both say what they dropped");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        // For reading and writing: opening waits for nobody, and the pipe never ends. Full from the first line on.
        static FileStream Open(string path)
        {
            var pipe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            pipe.Write(Enumerable.Repeat((byte)'\n', PipeLength).ToArray());
            return pipe;
        }
    }

    /// <summary>Row 72 of the faults.</summary>
    [Fact]
    public async Task A_disk_that_is_full_holds_nobody_up()
    {
        await using var broker = await StartAsync("/dev/full", "/dev/full");

        await RunAsync(broker);
    }

    private static async Task<ServerBroker> StartAsync(string schedulerLog, string apiLog)
    {
        var broker = await ServerBroker.PrepareAsync();
        await broker.MigrateAsync();
        Start("Dispatcher.Scheduler", "", schedulerLog);
        Start("Dispatcher.Api", $"--urls {broker.Address} --Logging:LogLevel:Microsoft.AspNetCore=Trace", apiLog);
        await broker.WaitUntilLedAsync();
        return broker;

        void Start(string project, string arguments, string log) => broker.StartProgram(
            "sh", ["-c", $"exec dotnet {BrokerProcess.PathOf(project)} {arguments} >{log} 2>&1"], Verbose);
    }

    private static async Task RunAsync(ServerBroker broker)
    {
        broker.StartAgent("bot", slots: 8);

        var ids = await broker.Api.SubmitAllAsync(Enumerable.Range(0, TaskCount).Select(_ => new { type = "echo" }));
        var states = await broker.Api.WaitForAllAsync(ids, Patience);

        Assert.Equal(TaskCount, states.Count);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        Assert.Equal(["1"], await broker.ReadAsync("SELECT epoch::text FROM leadership"));
    }

    private static Task ReadToDropAsync(FileStream pipe) => Task.Run(() =>
    {
        using var lines = new StreamReader(pipe, leaveOpen: true);
        while (!lines.ReadLine()!.Contains("dropped because of queue size limit", StringComparison.Ordinal))
        {
        }
    }, TestContext.Current.CancellationToken);
}
