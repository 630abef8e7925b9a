namespace Broker.Scheduler.Tests;

public sealed class LossBrakeTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(35);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly LossBrake _brake = new();

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 5)]
    [InlineData(80, 20)]
    public void Up_to_five_or_a_fifth_are_believed_at_once(int online, int silent) => Assert.Equal(silent, Lost(online, silent, Now));

    [Theory]
    [InlineData(0, 6, 5)]
    [InlineData(79, 21, 5)]
    [InlineData(0, 10_000, 5)]
    [InlineData(7_000, 3_000, 350)]
    public void More_are_doubted_and_given_up_slowly(int online, int silent, int lost) => Assert.Equal(lost, Lost(online, silent, Now));

    [Fact]
    public void Those_in_doubt_are_given_up_in_the_end()
    {
        var silent = 20;
        for (var at = Now; silent > 0; at += Window + TimeSpan.FromSeconds(1))
        {
            var lost = Lost(0, silent, at);
            Assert.True(lost > 0);
            silent -= lost;
        }
    }

    [Fact]
    public void Just_after_a_takeover_a_few_are_given_up() => Assert.Equal(50, Lost(1_000, 100, Now, sinceTakeover: Window));

    private int Lost(int online, int silent, DateTimeOffset at, TimeSpan? sinceTakeover = null)
    {
        var lost = 0;
        while (lost < silent && _brake.MayLose(at, online, silent - lost, Window, sinceTakeover ?? TimeSpan.FromHours(1))) lost++;
        return lost;
    }
}
