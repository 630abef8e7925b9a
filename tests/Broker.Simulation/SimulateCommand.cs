using System.Collections.Immutable;
using System.Globalization;

namespace Broker.Simulation;

/// <summary>Reads what is to be run from the command line.</summary>
internal static class SimulateCommand
{
    private const string Usage = """
        Usage: scripts/simulate [--seeds N] [--from S]     run N seeds from S on (default: 5000 from 1)
               scripts/simulate --seed S                   run one seed and print its history
               scripts/simulate --planted NAME|all         how many seeds a mistake made on purpose takes (--seeds: at most)
               scripts/simulate --races N                  N races of each kind (cancel, drain, register)
        Options: --crash POINT    the leader dies at this point again and again
                 --workers N      size of the fleet, 1-200 (default: by the seed, mostly 1-5)
                 --tasks N        tasks handed in (default: by the seed, mostly 3-11)
                 --agents SHARE   how many of the workers are real agents, 0-1 (default: by the seed)
                 --without 1,2    leave out these of the scheduled faults
                 --spare A,B      leave out kinds of trouble: Store, Network, People
        Exits 0 if every rule held (or every planted mistake was found), 1 if not, 2 if it can't be read.
        """;

    private static readonly string[] Known =
        ["--seeds", "--from", "--seed", "--planted", "--races", "--crash", "--workers", "--tasks", "--agents", "--without", "--spare"];

    public static int Run(string[] args)
    {
        if (args.Contains("--help"))
        {
            Console.WriteLine(Usage);
            return 0;
        }

        try
        {
            return Run(args.Chunk(2).ToDictionary(pair => Known.First(option => option == pair[0]), pair => pair[1]));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
    }

    private static int Run(Dictionary<string, string> given)
    {
        var options = new RunOptions(Number("--seed") ?? 0)
        {
            Point = Value("--crash") is { } point ? Enum.Parse<CrashPoint>(point) : null,
            Workers = Number("--workers"),
            Tasks = Number("--tasks"),
            Agents = Value("--agents") is { } share ? double.Parse(share, CultureInfo.InvariantCulture) : null,
            Without = [.. (Value("--without") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ParseNumber)],
            Spared = Enum.Parse<Trouble>(Value("--spare") ?? nameof(Trouble.None)),
        };
        if (Number("--races") is { } races) return RaceReport.Print(races);
        if (Value("--planted") is { } planted && (planted == "all" || Number("--seed") is null))
            return PlantedReport.Print(planted == "all" ? Enum.GetValues<PlantedBug>() : [Enum.Parse<PlantedBug>(planted)], options, Number("--seeds") ?? 2_000);

        if (Value("--planted") is { } bug) options = options with { Planted = Enum.Parse<PlantedBug>(bug) };
        return given.ContainsKey("--seed") ? SeedReport.PrintOne(options) : SeedReport.PrintMany(options, Number("--from") ?? 1, Number("--seeds") ?? 5_000);

        string? Value(string option) => given.GetValueOrDefault(option);

        int? Number(string option) => Value(option) is { } text ? ParseNumber(text) : null;
    }

    private static int ParseNumber(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
