using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Broker.Agent;

internal sealed record FileSha256Payload(string? Path);

internal sealed record FileSha256Result(string Path, string Sha256, long Bytes);

/// <summary><c>file.sha256</c>: hashes a file below the configured root, wherever symbolic links lead.</summary>
internal sealed class FileSha256Handler(IOptions<AgentOptions> options) : TaskHandler<FileSha256Payload, FileSha256Result>
{
    public override async Task<FileSha256Result> HandleAsync(FileSha256Payload payload, TaskContext context, CancellationToken cancellationToken)
    {
        if (options.Value.FileRoot is not { Length: > 0 } root)
            throw Failed("no-file-root", "This worker reads no files. Start it with --file-root DIR, or set Broker__FileRoot.");
        if (string.IsNullOrEmpty(payload.Path) || payload.Path.Contains('\0'))
            throw Failed("invalid-payload", "The payload needs a 'path'.");

        // A relative path is meant below the root.
        var real = RealPath.Of(Path.Combine(root, payload.Path))
            ?? throw Failed("file-not-found", $"There is no file {payload.Path} below the file root.");
        if (!RealPath.IsBelow(real, RealPath.Of(root)))
            throw Failed("outside-file-root", $"{payload.Path} is not below the file root.");
        // Pipes and devices could be read for ever.
        if (!File.Exists(real) || (File.GetAttributes(real) & (FileAttributes.Device | FileAttributes.Directory)) != 0)
            throw Failed("file-not-found", $"{payload.Path} is no regular file.");

        await using var file = new FileStream(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (!file.CanSeek) throw Failed("file-not-found", $"{payload.Path} is no regular file.");

        var sha256 = await SHA256.HashDataAsync(file, cancellationToken);
        return new FileSha256Result(payload.Path, Convert.ToHexStringLower(sha256), file.Position);
    }

    private static TaskFailedException Failed(string code, string message) => new(code, message, retryable: false);
}
