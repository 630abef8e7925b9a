using System.CommandLine;

namespace Broker.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>More help, between the options and the examples; null for none.</summary>
    public string? Details { get; init; }
}
