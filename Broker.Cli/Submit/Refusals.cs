namespace Broker.Cli;

/// <summary>Says which lines became no task, the first few of them.</summary>
internal sealed class Refusals(Screen screen, SubmitTally tally)
{
    private const int ShownLimit = 10;

    private readonly Lock _lock = new();

    public void Add(long line, string reason)
    {
        lock (_lock)
        {
            tally.Refuse();
            if (tally.Refused > ShownLimit) return;

            // The progress line may stand there.
            if (screen.IsErrorTerminal) screen.Error.Write("\r\e[K");
            screen.Error.WriteLine($"Line {line}: {reason}");
            if (tally.Refused == ShownLimit) screen.Error.WriteLine("From here on refusals are only counted.");
        }
    }
}
