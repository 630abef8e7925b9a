using System.CommandLine;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>The name of a pool on the command line.</summary>
internal sealed class PoolNameArgument : Argument<string>
{
    public PoolNameArgument() : base("NAME")
    {
        Description = "The pool's name: a–z, 0–9, - and _, at most 63.";
        Validators.Add(result =>
        {
            if (!Names.IsValid(result.Tokens[0].Value)) result.AddError($"{Cells.Clean(result.Tokens[0].Value)} can't be the name of a pool.");
        });
    }
}
