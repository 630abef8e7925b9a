using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary><c>broker dev</c> as a user meets it.</summary>
public sealed class DevTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Starts_answers_the_line_it_prints_refuses_a_second_one_and_stops_at_ctrl_c()
    {
        await using var dev = new DevProcess();
        var process = await dev.StartReadyAsync();

        var output = await Eventually.Async(() => Task.FromResult(process.Output), text => text.Contains("curl", StringComparison.Ordinal), "a line to try");
        var line = output.Split('\n').Single(line => line.Contains("Try:", StringComparison.Ordinal)).Split("Try:")[1].Trim();
        await using var curl = BrokerProcess.Start("sh", ["-c", line]);
        Assert.True(await curl.WaitForExitAsync(Patience) == 0, curl.Output);
        Assert.Contains("succeeded", curl.Output, StringComparison.Ordinal);

        var second = dev.Start(Ports.Free());
        Assert.NotEqual(0, await second.WaitForExitAsync(Patience));
        Assert.Contains(" another ", second.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);

        await process.SignalAsync("INT");
        Assert.True(await process.WaitForExitAsync(Patience) == 0, process.Output);
        Assert.Contains("Stopped.", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hashes_real_files()
    {
        await using var dev = new DevProcess();
        await dev.StartReadyAsync();

        await FileRun.CheckAsync((arguments, input) => BrokerProcess.StartOurs(
            "Broker.Cli", [.. arguments, "--server", dev.Address.ToString()], input: input, assembly: "broker"));
    }

    [Fact]
    public async Task Goes_on_after_kill_9_in_the_middle_of_2000_tasks()
    {
        await using var dev = new DevProcess();
        var first = await dev.StartReadyAsync();
        var ids = await dev.Api.SubmitAllAsync(Enumerable.Range(0, 2_000).Select(_ => new { type = "sleep", payload = new { ms = 20 } }));
        await dev.Api.WaitForStateAsync(ids[100], "succeeded");

        await first.KillAsync();
        await dev.StartReadyAsync();

        var states = await dev.Api.WaitForAllAsync(ids, Patience);
        Assert.Equal(2_000, states.Count);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
    }
}
