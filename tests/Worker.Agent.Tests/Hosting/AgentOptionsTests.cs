using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Broker.Agent.Tests;

public sealed class AgentOptionsTests
{
    [Theory]
    [InlineData("--id=Not Valid", "Id")]
    [InlineData("--pool=UPPER", "Pool")]
    [InlineData("--slots=0", "Slots")]
    [InlineData("--role=idle", "Role")]
    [InlineData("--transport=smoke", "Transport")]
    [InlineData("--api=ftp://host", "Api")]
    [InlineData("--rabbitmq=http://host", "RabbitMq")]
    [InlineData("--file-root=/no/such/folder", "FileRoot")]
    [InlineData("--drain-limit=02:00:00", "DrainLimit")]
    public void Refuses_what_makes_no_sense_and_names_the_option(string argument, string option)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(argument));

        Assert.Contains(option, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_the_command_line()
    {
        var options = Read("--id", "bot-1", "--slots=8", "--label", "os=linux", "--label=gpu=a=b", "--api", "http://h:1/x");

        Assert.Equal(("bot-1", 8, "linux", "a=b"), (options.Id, options.Slots, options.Labels["os"], options.Labels["gpu"]));
        Assert.Equal("http://h:1/x", options.Api.ToString());
    }

    [Theory]
    [InlineData("--unknown=1")]
    [InlineData("--slots")]
    [InlineData("--label=x")]
    public void Says_what_is_wrong_with_arguments(string argument) => Assert.NotNull(BotArguments.Parse([argument]).Error);

    private static AgentOptions Read(params string[] arguments)
    {
        var (settings, error) = BotArguments.Parse(arguments);
        Assert.Null(error);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddBrokerAgent();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<AgentOptions>>().Value;
    }
}
