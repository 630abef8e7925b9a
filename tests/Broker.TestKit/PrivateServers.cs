using System.Diagnostics;

namespace Broker.TestKit;

/// <summary>RabbitMQ and PostgreSQL of one test alone, which it may stop, kill and start again with their data and ports.</summary>
/// <remarks>They end with the test's process, however that ends.</remarks>
public sealed class PrivateServers : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _keeper;

    private PrivateServers()
    {
        // Reads until we are gone, in a session of its own, so that what ends us leaves it time to clean up.
        _keeper = Process.Start(new ProcessStartInfo("setsid",
            ["sh", "-c", "cat >/dev/null; \"$0\" stop --dir \"$1\" --now; umount -q \"$1\"/postgres; rm -rf \"$1\"", Script, Folder])
        { RedirectStandardInput = true })!;
    }

    /// <summary>Their data. The script makes it, with access for PostgreSQL's user.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"broker-test.{Guid.NewGuid():N}"[..20]);

    /// <summary>Where PostgreSQL keeps its <c>data</c> and its <c>log</c>.</summary>
    public string PostgresFolder => Path.Combine(Folder, "postgres");

    /// <summary>The disk of PostgreSQL's folder, if it has one of its own.</summary>
    public SmallDisk? PostgresDisk { get; private set; }

    /// <summary>The server all tests share if none was started here.</summary>
    public Uri RabbitMq { get; private set; } = null!;

    /// <summary>Of the management plugin; null if RabbitMQ was not started here.</summary>
    public Uri? RabbitMqApi { get; private set; }

    /// <summary>In Npgsql keywords; the server all tests share if none was started here.</summary>
    public string Postgres { get; private set; } = null!;

    /// <summary>Host and port; empty if none was started here.</summary>
    public string Redis { get; private set; } = "";

    public static Task<PrivateServers> StartAsync(params BrokerServer[] servers) => StartAsync(new PrivateServers(), servers);

    /// <summary>PostgreSQL on a disk of its own, where that can be had.</summary>
    public static async Task<PrivateServers> StartPostgresOnDiskAsync(int megabytes)
    {
        var started = new PrivateServers();
        started.PostgresDisk = await SmallDisk.MountAsync(started.PostgresFolder, megabytes);
        return await StartAsync(started, BrokerServer.Postgres);
    }

    private static async Task<PrivateServers> StartAsync(PrivateServers started, params BrokerServer[] servers)
    {
        try
        {
            foreach (var server in servers) await started.StartAgainAsync(server);
            started.RabbitMq = started.Find("BROKER_TEST_RABBITMQ") is { } address ? new Uri(address) : TestServices.RabbitMq;
            started.Postgres = started.Find("BROKER_TEST_POSTGRES") ?? TestServices.Postgres;
            started.RabbitMqApi = started.Find("BROKER_TEST_RABBITMQ_API") is { } api ? new Uri(api) : null;
            started.Redis = started.Find("BROKER_TEST_REDIS") ?? "";
            return started;
        }
        catch (Exception)
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>As a crash ends it: RabbitMQ by kill -9, PostgreSQL by its immediate shutdown.</summary>
    public Task KillAsync(BrokerServer server) => RunAsync(Script, "stop", "--dir", Folder, NameOf(server), "--now");

    /// <summary>kill -9 of PostgreSQL's first process; the others notice and end by themselves, soon after.</summary>
    public async Task KillPostmasterAsync() =>
        await RunAsync("kill", "-KILL", (await File.ReadAllTextAsync(Path.Combine(Folder, "postgres", "pid"))).Split(' ')[0]);

    /// <summary>As a person stops it.</summary>
    public Task StopAsync(BrokerServer server) => RunAsync(Script, "stop", "--dir", Folder, NameOf(server));

    /// <summary>With the data and on the ports it had; completes when it answers.</summary>
    public Task StartAgainAsync(BrokerServer server) => RunAsync(Script, "start", "--dir", Folder, NameOf(server));

    public Task<string> RabbitMqCtlAsync(params string[] arguments) => RunAsync(Path.Combine(Folder, "rabbitmqctl"), arguments);

    /// <summary>What RabbitMQ wrote to its log so far.</summary>
    public async Task<string> ReadRabbitMqLogAsync()
    {
        var texts = Directory.GetFiles(Path.Combine(Folder, "rabbitmq", "log"), "*.log").Select(file => File.ReadAllTextAsync(file));
        return string.Concat(await Task.WhenAll(texts));
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync().WaitAsync(Patience);
        _keeper.Dispose();
    }

    private static string Script => Path.Combine(BrokerProcess.Root, "scripts", "services");

    private static string NameOf(BrokerServer server) => $"--{server.ToString().ToLowerInvariant()}";

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var process = BrokerProcess.Start(program, arguments);
        if (await process.WaitForExitAsync(Patience) == 0) return process.Output;
        throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)}:\n{process.Output}");
    }

    /// <summary>From the lines <c>export NAME='VALUE'</c> that the script leaves.</summary>
    private string? Find(string name)
    {
        var start = $"export {name}='";
        return File.ReadLines(Path.Combine(Folder, "env"))
            .FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..^1];
    }
}
