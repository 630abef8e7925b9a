namespace Broker.Chaos;

/// <summary><c>check FOLDER</c>: judges a recorded run; 0 is good, 1 is not, 2 is a wrong call.</summary>
internal static class CheckCommand
{
    public static int Run(string[] args)
    {
        if (args is not [var folder] || !Directory.Exists(folder))
        {
            Console.Error.WriteLine("usage: check FOLDER");
            return 2;
        }

        var result = Checker.Check(folder, HistoryFolder.ReadOptions(folder));
        Print(result, Console.Out);
        return result.IsGood ? 0 : 1;
    }

    public static void Print(CheckResult result, TextWriter output)
    {
        foreach (var violation in result.Violations)
        {
            output.WriteLine($"{violation.Invariant}: {violation.What}");
            foreach (var line in violation.Proof) output.WriteLine($"    {line}");
        }
        foreach (var (invariant, count) in result.Counts) output.WriteLine($"{invariant}: {count} violations");
        output.WriteLine(HistoryJson.Write(result.Statistics));
        output.WriteLine(result.IsGood ? "good" : "NOT good");
    }
}
