namespace Broker.Simulation;

/// <summary>Independent streams of chance from one seed, so that leaving something out of a run changes little else of it.</summary>
internal static class Chances
{
    /// <param name="purpose">A name of the stream.</param>
    public static Random Stream(int seed, string purpose)
    {
        // FNV-1a, then the finalizer of SplitMix64: neighboring seeds of Random begin alike.
        var hash = 14695981039346656037 ^ (uint)seed;
        foreach (var character in purpose) hash = (hash ^ character) * 1099511628211;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return new Random((int)(hash ^ (hash >> 31)));
    }

    public static bool Chance(this Random random, double probability) => probability > 0 && random.NextDouble() < probability;

    /// <summary>Evenly between two lengths.</summary>
    public static TimeSpan Between(this Random random, TimeSpan least, TimeSpan most) => least + (most - least) * random.NextDouble();

    public static TimeSpan Milliseconds(this Random random, double least, double most) =>
        random.Between(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));

    public static TimeSpan Seconds(this Random random, double least, double most) =>
        random.Between(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
}
