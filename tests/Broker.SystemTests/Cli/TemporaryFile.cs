namespace Broker.SystemTests.Cli;

/// <summary>A file that goes with the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string text = "") => File.WriteAllText(Path, text);

    public TemporaryFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"broker-test-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(Path);
}
