using Broker.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Api.Tests;

public sealed class GathererTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly List<int[]> calls = [];
    private readonly TaskCompletionSource gate = new();

    [Fact]
    public async Task An_idle_gatherer_passes_an_item_on_at_once()
    {
        gate.SetResult();

        Assert.Equal("7", await AGatherer().AddAsync(7));
    }

    [Fact]
    public async Task What_comes_during_a_call_gathers_into_the_next_in_order()
    {
        var gatherer = AGatherer();
        var first = gatherer.AddAsync(0);
        await Eventually.Async(() => Task.FromResult(calls.Count), count => count == 1, "the first call");
        var rest = Enumerable.Range(1, 5).Select(gatherer.AddAsync).ToArray();

        gate.SetResult();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal([[0], [1, 2, 3], [4, 5]], calls);
        Assert.Equal(["1", "2", "3", "4", "5"], await Task.WhenAll(rest));
    }

    [Fact]
    public async Task Only_enough_items_go_beside_a_call_under_way()
    {
        var gatherer = AGatherer(inFlight: 2, anotherFrom: 3);
        var first = gatherer.AddAsync(0);
        await Eventually.Async(() => Task.FromResult(calls.Count), count => count == 1, "the first call");

        var rest = Enumerable.Range(1, 3).Select(gatherer.AddAsync).ToArray();
        await Eventually.Async(() => Task.FromResult(calls.Count), count => count == 2, "a call beside it");

        Assert.Equal([[0], [1, 2, 3]], calls);
        gate.SetResult();
        await Task.WhenAll([first, .. rest]);
    }

    [Fact]
    public async Task Few_items_that_are_heavy_go_beside_a_call_under_way()
    {
        var gatherer = AGatherer(inFlight: 2, anotherFrom: 3);
        var first = gatherer.AddAsync(0);
        await Eventually.Async(() => Task.FromResult(calls.Count), count => count == 1, "the first call");

        var second = gatherer.AddAsync(10);
        await Eventually.Async(() => Task.FromResult(calls.Count), count => count == 2, "a call beside it");

        gate.SetResult();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task A_call_that_takes_long_is_no_longer_waited_for()
    {
        var gatherer = AGatherer(inFlight: 3, anotherFrom: 3);
        var first = gatherer.AddAsync(0);
        var second = gatherer.AddAsync(1);
        await Eventually.Async(() => Task.FromResult(calls.Count), count => count == 1, "the first call");
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.Async(() => Task.FromResult(calls.Count), count => count == 2, "a call beside it");

        var third = gatherer.AddAsync(2);
        Assert.Equal([[0], [1]], calls);
        gate.SetResult();
        await Task.WhenAll(first, second, third);

        Assert.Equal([[0], [1], [2]], calls);
    }

    [Fact]
    public async Task A_heavy_item_goes_alone()
    {
        gate.SetResult();

        await Task.WhenAll(AGatherer().AddAll([6, 50, 6]));

        Assert.Equal([[6], [50], [6]], calls);
    }

    [Fact]
    public async Task A_failed_call_fails_its_items_and_no_others()
    {
        gate.SetResult();
        var gatherer = AGatherer();

        await Assert.ThrowsAsync<InvalidOperationException>(() => gatherer.AddAsync(-1));
        Assert.Equal("2", await gatherer.AddAsync(2));
    }

    [Fact]
    public async Task An_item_that_waited_too_long_is_given_up_and_never_sent()
    {
        var gatherer = AGatherer();
        var first = gatherer.AddAsync(0);
        var second = gatherer.AddAsync(1);
        clock.Advance(TimeSpan.FromSeconds(2));
        gate.SetResult();
        await first;

        Assert.Equal("overloaded", (await Assert.ThrowsAsync<SchedulerUnavailableException>(() => second)).Code);
        Assert.Equal("3", await gatherer.AddAsync(3));
        Assert.Equal([[0], [3]], calls);
    }

    [Fact]
    public async Task Beyond_its_bound_items_are_refused_together()
    {
        var gatherer = AGatherer();
        var first = gatherer.AddAsync(0);
        var waiting = gatherer.AddAll([.. Enumerable.Repeat(1, 19)]);

        Assert.Throws<SchedulerUnavailableException>(() => gatherer.AddAll([1, 1]));
        gate.SetResult();
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal(20, calls.Sum(call => call.Length));
    }

    private Gatherer<int, string> AGatherer(int inFlight = 1, int anotherFrom = 1) => new(
        new GatherLimits(ItemLimit: 3, WeightLimit: 10, inFlight, WaitingItemLimit: 20, WaitingWeightLimit: 1_000) { AnotherFrom = anotherFrom },
        item => item, CallAsync, clock);

    private async Task<IReadOnlyList<string>> CallAsync(IReadOnlyList<int> items)
    {
        lock (calls) calls.Add([.. items]);
        await gate.Task;
        return items.Contains(-1) ? throw new InvalidOperationException("refused") : [.. items.Select(item => $"{item}")];
    }
}
