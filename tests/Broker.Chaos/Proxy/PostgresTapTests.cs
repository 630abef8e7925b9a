namespace Broker.Chaos;

/// <summary>The trap keeps the answer to the next batch, whatever pieces it comes in, and knows a commit from a failure.</summary>
public sealed class PostgresTapTests
{
    private static readonly byte[] Sync = [(byte)'S', 0, 0, 0, 4];
    private static readonly byte[] Complete = [(byte)'C', 0, 0, 0, 5, 0];
    private static readonly byte[] Error = [(byte)'E', 0, 0, 0, 5, 0];
    private static readonly byte[] Idle = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly PostgresTap _tap = new();
    private readonly CommitReplyTrap _trap = new();

    [Fact]
    public void Learns_the_backend_from_the_server_s_greeting()
    {
        Assert.True(_tap.Passes(isToServer: false, [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 0, (byte)'K', 0, 0, 0, 12, 0, 0, 4, 1, 9, 9, 9, 9]));

        Assert.Equal(1025, _tap.BackendPid);
    }

    [Fact]
    public void Lets_answers_pass_until_a_batch_was_sent_after_it_was_set()
    {
        Assert.True(_tap.Passes(isToServer: true, Sync));
        _tap.Set(_trap);

        Assert.True(_tap.Passes(isToServer: false, Idle));
        Assert.True(_tap.Passes(isToServer: true, Sync));
        Assert.False(_tap.Passes(isToServer: false, Idle));
    }

    [Fact]
    public async Task Knows_a_commit_in_pieces()
    {
        Ask();
        foreach (var piece in (byte[][])[Complete[..3], [.. Complete[3..], .. Idle[..2]], Idle[2..]]) _tap.Passes(isToServer: false, piece);

        Assert.True(await _trap.Answered);
        Assert.Equal(12, _trap.Bytes);
    }

    [Fact]
    public async Task Knows_a_failure()
    {
        Ask();
        _tap.Passes(isToServer: false, [.. Error, .. Idle]);

        Assert.False(await _trap.Answered);
    }

    private void Ask()
    {
        _tap.Set(_trap);
        _tap.Passes(isToServer: true, Sync);
    }
}
