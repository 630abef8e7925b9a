using System.Collections.Concurrent;
using System.Diagnostics;

namespace Broker.TestKit;

/// <summary>A process of ours, started from the build's own output; killed without mercy when disposed.</summary>
public sealed class BrokerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private BrokerProcess(Process process) => _process = process;

    /// <summary>The checkout the tests were built in.</summary>
    public static string Root => BuildOutput.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it has written so far, both streams.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts any program.</summary>
    public static BrokerProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var broker = new BrokerProcess(new Process { StartInfo = start });
        broker._process.OutputDataReceived += broker.Keep;
        broker._process.ErrorDataReceived += broker.Keep;
        broker._process.Start();
        broker._process.BeginOutputReadLine();
        broker._process.BeginErrorReadLine();
        if (input is not null) broker._process.StandardInput.Write(input);
        broker._process.StandardInput.Close();
        return broker;
    }

    /// <summary>Starts one of our programs from its project's own output, of the configuration the tests were built in.</summary>
    /// <param name="project">The project's folder.</param>
    /// <param name="assembly">Without <c>.dll</c>; null if it is named as the folder.</param>
    public static BrokerProcess StartOurs(string project, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null, string? input = null, string? assembly = null) =>
        Start("dotnet", [PathOf(project, assembly), .. arguments], environment, input);

    /// <summary>The assembly of one of our programs.</summary>
    public static string PathOf(string project, string? assembly = null) =>
        Path.Combine(Root, project, "bin", BuildOutput.Parent!.Name, BuildOutput.Name, $"{assembly ?? project}.dll");

    /// <summary>Starts any program with both its streams at the end of a file.</summary>
    public static BrokerProcess StartLogged(
        string log, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        Start("sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1", log, program, .. arguments], environment);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>A Unix signal by name, as <c>TERM</c>, <c>STOP</c>, <c>CONT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The process did not exit within {limit}. It wrote:\n{Output}");
        }
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    /// <summary>tests/project/bin/configuration/framework/</summary>
    private static DirectoryInfo BuildOutput => new(AppContext.BaseDirectory);

    private void Keep(object sender, DataReceivedEventArgs data)
    {
        if (data.Data is null) return;

        _lines.Enqueue(data.Data);
        while (_lines.Count > 2_000) _lines.TryDequeue(out _);
    }
}
