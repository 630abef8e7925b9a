namespace Broker.TestKit;

/// <summary>Swallows whatever the server answers on the first connection that sends a pattern, from there on and for good.</summary>
public sealed class AnswerTrap
{
    private readonly byte[] _pattern;
    private readonly TaskCompletionSource _swallowing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;

    internal AnswerTrap(byte[] pattern) => _pattern = pattern;

    /// <summary>Completes with the first answer that was swallowed: the server has taken the pattern.</summary>
    public Task Swallowing => _swallowing.Task;

    /// <summary>Swallowed so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal int PatternLength => _pattern.Length;

    internal bool IsIn(ReadOnlySpan<byte> sent) => sent.IndexOf(_pattern) >= 0;

    internal void Swallow(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        _swallowing.TrySetResult();
    }
}
