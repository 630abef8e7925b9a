using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker dev</c></summary>
internal sealed class DevCommand : Verb
{
    private readonly RangeOption _port = new("--port", 1, 65_535) { Description = "Port of the API; 8000 if left out." };
    private readonly Option<string> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Folder of the database; made if missing.",
        DefaultValueFactory = _ => ".broker",
    };
    private readonly RangeOption _workers = new("--workers", 0, 1_000) { Description = "Active workers; 4 if left out." };
    private readonly RangeOption _reserve = new("--reserve", 0, 1_000) { Description = "Reserve workers; 2 if left out." };
    private readonly RangeOption _slots = new("--slots", 1, Contracts.Limits.Slots) { Description = "Slots of each worker; 2 if left out." };
    private readonly Option<string?> _fileRoot = new("--file-root")
    {
        HelpName = "DIR",
        Description = "Folder below which file.sha256 may read; without it such tasks fail.",
    };

    public DevCommand() : base("dev", "Run everything in this process: API, scheduler, workers; data in a folder.",
        "broker dev", "broker dev --port 9000 --data /tmp/try --workers 10 --slots 8", "broker dev --file-root /usr/share/doc")
    {
        foreach (var option in new Option[] { _port, _data, _workers, _reserve, _slots, _fileRoot }) Add(option);
        SetAction((parsed, cancellationToken) => new DevBroker(new DevSettings(
            parsed.GetValue(_port) ?? 8_000,
            Path.GetFullPath(parsed.GetValue(_data)!),
            parsed.GetValue(_workers) ?? 4,
            parsed.GetValue(_reserve) ?? 2,
            parsed.GetValue(_slots) ?? 2,
            parsed.GetValue(_fileRoot)), parsed.InvocationConfiguration.Output).RunAsync(cancellationToken));
    }
}

/// <summary>What <c>broker dev</c> runs.</summary>
/// <param name="Data">Full path of the folder.</param>
/// <param name="FileRoot">Null: <c>file.sha256</c> reads nothing.</param>
internal sealed record DevSettings(int Port, string Data, int Workers, int Reserve, int Slots, string? FileRoot)
{
    public Uri Address => new($"http://localhost:{Port}");
}
