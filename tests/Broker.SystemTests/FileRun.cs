using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Real input: files of this machine, hashed by bots.</summary>
internal static class FileRun
{
    public const string Root = "/usr/share/doc";

    /// <summary>Regular files below the root, not what links point to.</summary>
    public static List<string> Files() =>
    [
        .. new DirectoryInfo(Root).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(file => file.FullName).Order(StringComparer.Ordinal).Take(FullRun.Of(300, int.MaxValue)),
    ];

    /// <summary>Runs <c>broker submit</c> as a person would; fails unless each file is in its results once, with its hash.</summary>
    /// <param name="start">Starts the command with these arguments and this input.</param>
    public static async Task CheckAsync(Func<IEnumerable<string>, string, BrokerProcess> start)
    {
        var files = Files();
        using var results = new Cli.TemporaryFile();
        await using var submit = start(
            ["submit", "--type", "file.sha256", "--each-line", "path", "--from", "-", "--wait", "--results", results.Path],
            string.Concat(files.Select(file => file + "\n")));
        Assert.True(await submit.WaitForExitAsync(TimeSpan.FromMinutes(3)) == 0, submit.Output);

        var lines = (await File.ReadAllLinesAsync(results.Path)).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(files, lines.Select(line => (string)line["payload"]!["path"]!).Order(StringComparer.Ordinal));
        foreach (var line in lines)
        {
            var bytes = await File.ReadAllBytesAsync((string)line["payload"]!["path"]!);
            Assert.Equal(
                ("succeeded", Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.LongLength),
                ((string)line["state"]!, (string)line["result"]!["sha256"]!, (long)line["result"]!["bytes"]!));
        }
    }
}
