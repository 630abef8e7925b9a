namespace Broker.Chaos;

public sealed class HistoryFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-history-").FullName;

    [Fact]
    public void What_is_written_is_read_again_in_order_of_time()
    {
        WriteTables();
        using (var client = new HistoryLog(_folder, "client-1"))
        using (var bot = new HistoryLog(_folder, "bot-1"))
        {
            client.Write(new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Ok, Task = RecordedRun.Id("t1") });
            bot.Write(new HistoryLine { Op = HistoryOp.Begin, Phase = HistoryPhase.Ok, Task = RecordedRun.Id("t1"), Token = "1-1" });
            client.Write(new HistoryLine { Op = HistoryOp.Get, Phase = HistoryPhase.Ok, Result = "\"it's\"" });
        }

        var history = HistoryFolder.Read(_folder);

        Assert.Equal(["submit client-1", "begin bot-1", "get client-1"], history.Lines.Select(line => $"{line.Op} {line.Node}"));
        Assert.Equal("\"it's\"", history.Lines[2].Result);
        Assert.Equal(0, history.TornLines);
    }

    [Fact]
    public void A_line_torn_by_a_kill_is_counted_and_the_next_process_goes_on_below_it()
    {
        WriteTables();
        using (var before = new HistoryLog(_folder, "bot-1")) before.Write(new HistoryLine { Op = HistoryOp.Begin, Phase = HistoryPhase.Ok });
        File.AppendAllText(Path.Combine(_folder, HistoryFolder.Lines, "bot-1.ndjson"), """{"t":17,"node":"bot-1","op":"en""");
        using (var after = new HistoryLog(_folder, "bot-1")) after.Write(new HistoryLine { Op = HistoryOp.Begin, Phase = HistoryPhase.Ok });

        var history = HistoryFolder.Read(_folder);

        Assert.Equal(2, history.Lines.Count);
        Assert.Equal(1, history.TornLines);
    }

    [Fact]
    public void A_table_with_half_a_row_is_refused()
    {
        WriteTables();
        File.AppendAllText(Path.Combine(_folder, HistoryFolder.Tasks), """{"id":""");

        Assert.Contains("tasks.ndjson, line 1", Assert.Throws<InvalidDataException>(() => HistoryFolder.Read(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_as_the_database_stores_it_is_understood()
    {
        WriteTables();
        File.WriteAllText(Path.Combine(_folder, HistoryFolder.TaskEvents), """
            {"seq":7,"at":"2026-01-02T03:04:05.678901+00:00","task":"018f0000-0000-8000-8000-000000000001","transitions":[{"event":"submitted","state":"queued"},{"event":"offered","state":"offered","attempt":1,"worker":"a","by":"scheduler","load":0.25,"eligible":3,"offer":12}]}
            """);
        File.WriteAllText(Path.Combine(_folder, HistoryFolder.Workers), """{"id":"a","pool":"default","slots":4}""");
        File.WriteAllText(Path.Combine(_folder, HistoryFolder.Options), """{"lostAfter":"00:00:03.5000000"}""");

        var history = HistoryFolder.Read(_folder);

        var offer = history.TaskEvents[0].Transitions[1];
        Assert.Equal((12, 0.25, 3), (offer.Offer, offer.Load, offer.Eligible));
        Assert.Equal(("active", "amqp"), (history.Workers[0].Role, history.Workers[0].Transport));
        Assert.Equal(new CheckOptions { LostAfter = TimeSpan.FromSeconds(3.5) }, HistoryFolder.ReadOptions(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void WriteTables()
    {
        Directory.CreateDirectory(Path.Combine(_folder, HistoryFolder.Lines));
        string[] tables = [HistoryFolder.TaskEvents, HistoryFolder.FleetEvents, HistoryFolder.Tasks, HistoryFolder.Workers, HistoryFolder.Queues];
        foreach (var table in tables) File.WriteAllText(Path.Combine(_folder, table), "");
    }
}
