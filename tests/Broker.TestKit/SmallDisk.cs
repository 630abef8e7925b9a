namespace Broker.TestKit;

/// <summary>A disk of its own for one folder, small enough to be filled.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const int NoSpaceLeft = 28;

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>The reason a test gives when it can't have one.</summary>
    public const string SkipReason = "A tmpfs can't be mounted here: that needs root, outside of a container or with CAP_SYS_ADMIN.";

    private string Filling => Path.Combine(_folder, "filling");

    /// <summary>Mounts over the folder, which is made if missing. Null if this machine does not let us.</summary>
    public static async Task<SmallDisk?> MountAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        await using var mount = BrokerProcess.Start("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", folder]);
        return await mount.WaitForExitAsync(Eventually.DefaultLimit) == 0 ? new SmallDisk(folder) : null;
    }

    /// <summary>Writes until there is no space left, not for a byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filling, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1 << 20; size > 0;)
        {
            try
            {
                file.Write(new byte[size]);
            }
            catch (IOException full) when ((full.HResult & 0xFFFF) == NoSpaceLeft)
            {
                size /= 2;
            }
        }
    }

    public void Free() => File.Delete(Filling);

    public async ValueTask DisposeAsync()
    {
        await using var unmount = BrokerProcess.Start("umount", ["-l", _folder]);
        await unmount.WaitForExitAsync(Eventually.DefaultLimit);
    }
}
