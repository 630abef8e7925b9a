using System.Diagnostics;
using Broker.TestKit;

namespace Broker.Bench;

/// <summary>A verb of a peer, in a process that ends when its standard input does, so no later than ours.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Task<string> _errors;

    public PeerProcess(Peer peer, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(peer.Command[0], [.. peer.Command[1..], .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = BrokerProcess.Root,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Until it has written this line.</summary>
    public async Task WaitForAsync(string line, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } written)
        {
            if (written == line) return;
        }
        throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {await _errors}");
    }

    /// <summary>All it writes, once it has ended well.</summary>
    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        if (_process.ExitCode == 0) return output;
        throw new InvalidOperationException($"{string.Join(' ', _process.StartInfo.ArgumentList)}: {output}{await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopLimit);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }
}
