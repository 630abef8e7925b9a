namespace Broker.Cli;

/// <summary><c>broker pool …</c></summary>
internal sealed class PoolCommand : Verb
{
    public PoolCommand() : base("pool", "Look at pools and change their settings.")
    {
        Add(new ListPoolsCommand());
        Add(new GetPoolCommand());
        Add(new SetPoolCommand());
    }
}
