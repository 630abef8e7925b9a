using System.Security.Cryptography;

namespace Broker.Cli;

/// <summary>Where <c>broker dev</c> keeps what must outlive it: the database and the secret that signs task ids.</summary>
internal sealed class DataFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The secret of this folder; made at its first use, readable by its owner alone.</summary>
    public string IdSecret()
    {
        var file = System.IO.Path.Combine(Path, "id-secret");
        if (File.Exists(file)) return File.ReadAllText(file).Trim();

        Directory.CreateDirectory(Path);
        var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.WriteLine(secret);
        return secret;
    }
}
