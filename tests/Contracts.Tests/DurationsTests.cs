namespace Broker.Contracts.Tests;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250)]
    [InlineData("1.5s", 1_500)]
    [InlineData("90s", 90_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("PT10S", 10_000)]
    [InlineData("pt1m30s", 90_000)]
    [InlineData("P1D", 86_400_000)]
    public void Reads_what_people_write(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var length));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1 s")]
    [InlineData(" 1s")]
    [InlineData("1s ")]
    [InlineData("1sm")]
    [InlineData("1,5s")]
    [InlineData("1e3s")]
    [InlineData("1S")]
    [InlineData("1w")]
    [InlineData("١s")]
    [InlineData("1s\0")]
    [InlineData("NaNs")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("PT-1S")]
    [InlineData("-PT1S")]
    [InlineData("P99999999999D")]
    [InlineData("99999999999d")]
    [InlineData("99999999999999999999999999999s")]
    [InlineData("0000000000000000000000000000000001s")]
    public void Refuses_what_is_no_length(string? text)
    {
        Assert.False(Durations.TryParse(text, out var length));
        Assert.Equal(default, length);
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(1_500, "1500ms")]
    [InlineData(90_000, "90s")]
    [InlineData(120_000, "2m")]
    [InlineData(7_200_000, "2h")]
    [InlineData(604_800_000, "7d")]
    public void Writes_the_largest_unit_that_keeps_it_whole(long milliseconds, string text) =>
        Assert.Equal(text, Durations.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var length = TimeSpan.FromMilliseconds(random.NextInt64(1L << random.Next(1, 45)));

            Assert.True(Durations.TryParse(Durations.Format(length), out var read), $"{length}");
            Assert.Equal(length, read);
        }
    }
}
