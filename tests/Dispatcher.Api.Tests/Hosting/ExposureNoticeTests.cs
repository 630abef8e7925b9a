namespace Broker.Api.Tests;

public sealed class ExposureNoticeTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8000", false)]
    [InlineData("http://localhost:8000", false)]
    [InlineData("http://[::1]:8000", false)]
    [InlineData("http://0.0.0.0:8000", true)]
    [InlineData("http://*:8000", true)]
    [InlineData("http://[::]:8000", true)]
    [InlineData("http://broker.example:8000", true)]
    public void Everything_but_loopback_is_exposed(string url, bool isExposed) =>
        Assert.Equal(isExposed, ExposureNotice.IsExposed(url));
}
