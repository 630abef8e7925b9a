namespace Broker.Storage;

/// <summary>Hand-written statements, one per file, built into the assembly.</summary>
internal static class EmbeddedSql
{
    /// <param name="path">Below the project's folder, with slashes.</param>
    public static string Read(string path)
    {
        using var stream = typeof(EmbeddedSql).Assembly.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"The statement {path} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
