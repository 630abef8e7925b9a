namespace Broker.Agent;

/// <summary>How the use of a link ended.</summary>
internal enum LinkEnd
{
    Broken,
    RegisterAgain,
    Replaced,
    Stopped,
}
