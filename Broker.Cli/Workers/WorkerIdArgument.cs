using System.CommandLine;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>The id of a worker on the command line.</summary>
internal sealed class WorkerIdArgument : Argument<string>
{
    public WorkerIdArgument() : base("ID")
    {
        Description = "The worker's id.";
        Validators.Add(result =>
        {
            if (!Names.IsValid(result.Tokens[0].Value)) result.AddError($"{Cells.Clean(result.Tokens[0].Value)} is no id of a worker.");
        });
    }
}
