namespace Broker.Cli;

/// <summary>The answer per task of a batch, in order.</summary>
internal sealed record BatchAnswer(List<BatchItemAnswer> Items);

/// <param name="Status">What the task alone would have been answered with.</param>
internal sealed record BatchItemAnswer(int Index, int Status, Guid? Id, ProblemInfo? Problem);
