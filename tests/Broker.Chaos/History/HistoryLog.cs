namespace Broker.Chaos;

/// <summary>Appends one node's lines. Each is with the kernel when <see cref="Write"/> returns, so a killed process loses none.</summary>
internal sealed class HistoryLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _node;
    private readonly FileStream _file;

    /// <param name="folder">Of the run; made if it is missing.</param>
    public HistoryLog(string folder, string node)
    {
        _node = node;
        var lines = Directory.CreateDirectory(Path.Combine(folder, HistoryFolder.Lines)).FullName;
        _file = new FileStream(Path.Combine(lines, node + ".ndjson"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        EndTornLine();
    }

    public void Write(HistoryLine line)
    {
        lock (_gate)
        {
            var stamped = line with { T = TimeProvider.System.GetTimestamp(), Node = _node };
            byte[] bytes = [.. HistoryJson.WriteBytes(stamped), (byte)'\n'];
            _file.Write(bytes);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>An earlier process of this name may have died in the middle of a line.</summary>
    private void EndTornLine()
    {
        if (_file.Length == 0) return;

        _file.Seek(-1, SeekOrigin.End);
        if (_file.ReadByte() != '\n') _file.WriteByte((byte)'\n');
    }
}
