using System.Globalization;
using System.Runtime.InteropServices;

namespace Broker.Chaos;

/// <summary><c>chaos</c>: a run by hand.</summary>
internal static class ChaosCommand
{
    private const string Help = """
        Usage: scripts/chaos [--quick | --each | --embedded] [--seed N] [--defaults] [--out DIR]
               scripts/chaos --check DIR

        Runs Broker as real processes on a RabbitMQ and a PostgreSQL of its own while
        everything is killed, paused, cut, stalled, purged and filled up, then judges
        whether it kept its promises. Some 25 minutes: 10,000 tasks, 200 faults.

          --quick      2-3 minutes: 600 tasks, 20 kills
          --each       6 minutes: every kind of fault once
          --embedded   8 minutes: 50 kills of broker dev
          --seed N     the same load and plan of faults again (default: by chance)
          --defaults   beats and leases as everybody has them, not a tenth of them
          --out DIR    history, logs, report (default: artifacts/chaos/SEED)
          --check DIR  judges a recorded run again

        Exits 0: VALID, 1: VIOLATED, 3: INVALID as some fault did no harm, 2: wrong call.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--check", var recorded]) return CheckCommand.Run([recorded]);
        if (args.Contains("--help"))
        {
            Console.WriteLine(Help);
            return 0;
        }
        if (Parse(args) is not { } plan)
        {
            await Console.Error.WriteLineAsync(Help);
            return 2;
        }

        using var stopping = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var report = plan.IsEmbedded
            ? await new EmbeddedRun(plan, Console.WriteLine).RunAsync(stopping.Token)
            : await new ChaosRun(plan, Console.WriteLine).RunAsync(stopping.Token);
        Console.WriteLine();
        Console.WriteLine(report.Text);
        return (int)report.Verdict;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }

    private static RunPlan? Parse(string[] args)
    {
        var (seed, size, defaults) = (Random.Shared.Next(1, 100_000), "", false);
        string? folder = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--quick" or "--each" or "--embedded" when size.Length == 0:
                    size = args[i];
                    break;
                case "--defaults":
                    defaults = true;
                    break;
                case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed):
                    i++;
                    break;
                case "--out" when i + 1 < args.Length:
                    folder = args[++i];
                    break;
                default:
                    return null;
            }
        }
        folder = Path.GetFullPath(folder ?? Path.Combine("artifacts", "chaos", $"{seed}"));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var plan = size switch
        {
            "--quick" => RunPlan.Quick(seed, folder),
            "--each" => RunPlan.Each(seed, folder),
            "--embedded" => RunPlan.Embedded(seed, folder),
            _ => new RunPlan { Seed = seed, Folder = folder },
        };
        return plan with { Defaults = defaults };
    }
}
