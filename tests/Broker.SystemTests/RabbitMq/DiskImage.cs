namespace Broker.SystemTests;

/// <summary>A folder as it was, to go back to.</summary>
internal sealed class DiskImage : IDisposable
{
    private readonly string _folder;
    private readonly string _copy = Directory.CreateTempSubdirectory("broker-disk").FullName;

    public DiskImage(string folder)
    {
        _folder = folder;
        Copy(_folder, _copy);
    }

    public void Restore()
    {
        Directory.Delete(_folder, recursive: true);
        Copy(_copy, _folder);
    }

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        foreach (var folder in Directory.GetDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
