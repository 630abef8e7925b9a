namespace Broker.Simulation;

internal static class RaceReport
{
    public static int Print(int races) => 0;
}
