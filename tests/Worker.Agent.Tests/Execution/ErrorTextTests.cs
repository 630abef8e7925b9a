namespace Broker.Agent.Tests;

public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("InvalidOperation", "invalid-operation")]
    [InlineData("HTTPRequest2Failed", "http-request2-failed")]
    [InlineData("no disk / left!", "no-disk-left")]
    [InlineData("--", "error")]
    [InlineData("already-kebab", "already-kebab")]
    public void Makes_any_text_a_code(string text, string code) => Assert.Equal(code, ErrorText.Code(text));

    [Fact]
    public void Cuts_between_characters_and_keeps_what_can_be_stored()
    {
        Assert.Equal("ää", ErrorText.Clean("äää", 5));
        Assert.Equal("a\uFFFDb\uFFFD", ErrorText.Clean("a\0b\uD800", 100));
        Assert.Equal(128, ErrorText.Code(new string('x', 500)).Length);
    }
}
