using System.Globalization;

namespace Broker.Chaos;

/// <summary>What the bots wrote down, by the number of the offer they executed.</summary>
internal sealed class Executions
{
    private readonly Dictionary<long, List<HistoryLine>> _begins = [];
    private readonly Dictionary<long, List<HistoryLine>> _ends = [];

    public Executions(IEnumerable<HistoryLine> lines)
    {
        foreach (var line in lines)
        {
            if (line.Op is HistoryOp.Begin) Add(_begins, line);
            if (line.Op is HistoryOp.End) Add(_ends, line);
        }
    }

    /// <summary>In order of time; empty if no bot began it.</summary>
    public IReadOnlyList<HistoryLine> BeginsOf(long offer) => _begins.GetValueOrDefault(offer) ?? [];

    /// <summary>In order of time; empty if no execution of it ended.</summary>
    public IReadOnlyList<HistoryLine> EndsOf(long offer) => _ends.GetValueOrDefault(offer) ?? [];

    public IEnumerable<HistoryLine> Begins => _begins.Values.SelectMany(lines => lines);

    /// <summary>Epoch and number of a token; null for one we can't read.</summary>
    public static (int Epoch, long Number)? Read(string? token) =>
        token?.Split('-') is [var epoch, var number]
        && int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e)
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? (e, n) : null;

    private static void Add(Dictionary<long, List<HistoryLine>> lists, HistoryLine line)
    {
        var offer = Read(line.Token)?.Number ?? 0;
        if (!lists.TryGetValue(offer, out var list)) lists[offer] = list = [];
        list.Add(line);
    }
}
