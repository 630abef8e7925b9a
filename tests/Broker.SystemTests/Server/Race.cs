namespace Broker.SystemTests;

/// <summary>Lets two actions run against each other, a few milliseconds apart at random, around the point where either may win.</summary>
internal sealed class Race
{
    private const double SpreadMs = 5;
    private const double LeastStepMs = 1;
    private const int WinsNeeded = 5;
    private readonly Random _random = new(1);

    // How much later the second must begin for an even race; learnt from who won.
    private double _handicapMs;

    // Large until the middle is found.
    private double _stepMs = 16;

    private bool? _lastWon;
    private int _firstWins;
    private int _secondWins;

    /// <summary>Begins both; completes when both are done.</summary>
    public Task RunAsync(Func<Task> first, Func<Task> second)
    {
        var gap = NextGap();
        return Task.WhenAll(AfterAsync(-gap, first), AfterAsync(gap, second));
    }

    /// <summary>How much later than expected the second is to begin; negative for earlier.</summary>
    public TimeSpan NextGap() => TimeSpan.FromMilliseconds(_handicapMs + SpreadMs * (2 * _random.NextDouble() - 1));

    public void Won(bool first)
    {
        if (first) _firstWins++;
        else _secondWins++;
        if (_lastWon is { } last && last != first) _stepMs = Math.Max(LeastStepMs, _stepMs / 2);
        _lastWon = first;
        _handicapMs += first ? -_stepMs : _stepMs;
    }

    /// <summary>Fails unless each has won often enough for the races to have been any.</summary>
    public string Check()
    {
        var wins = $"{_firstWins} : {_secondWins}, the second {_handicapMs:F0} ms later";
        Assert.True(_firstWins >= WinsNeeded && _secondWins >= WinsNeeded, $"These were no races: {wins}.");
        return wins;
    }

    private static async Task AfterAsync(TimeSpan delay, Func<Task> act)
    {
        if (delay > TimeSpan.Zero) await Task.Delay(delay, TimeProvider.System);
        await act();
    }
}
