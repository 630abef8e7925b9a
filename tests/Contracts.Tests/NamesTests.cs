namespace Broker.Contracts.Tests;

public sealed class NamesTests
{
    private const string Longest = "a23456789-123456789-123456789-123456789-123456789-123456789-123";

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("bot-7")]
    [InlineData("gpu_large")]
    [InlineData("a-")]
    [InlineData(Longest)]
    public void Takes_names_that_may_be_part_of_a_queue(string name) => Assert.True(Names.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("Bot")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("ä")]
    [InlineData("٣")]
    [InlineData("ａ")]
    [InlineData(Longest + "4")]
    public void Refuses_all_others(string? name) => Assert.False(Names.IsValid(name));
}
