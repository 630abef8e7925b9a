namespace Broker.Bench.Peers;

/// <summary>A finished task; as three doubles in the file.</summary>
/// <param name="Start">When its handler was entered.</param>
/// <param name="Done">When its completion was recorded.</param>
internal readonly record struct TallyRecord(double Due, double Start, double Done);
