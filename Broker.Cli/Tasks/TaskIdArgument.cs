using System.CommandLine;

namespace Broker.Cli;

/// <summary>The id of a task on the command line.</summary>
internal sealed class TaskIdArgument : Argument<Guid>
{
    public TaskIdArgument() : base("ID")
    {
        Description = "The task's id.";
        CustomParser = result =>
        {
            if (Guid.TryParse(result.Tokens[0].Value, out var id)) return id;
            result.AddError($"{Cells.Clean(result.Tokens[0].Value)} is no id of a task.");
            return default;
        };
    }
}
