namespace Broker.Storage;

/// <summary>A message that can't be read or a value the database refuses, kept for a person to look at.</summary>
/// <param name="Source">The queue or door it came through.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Body">At most its first <see cref="BodyLimit"/> bytes.</param>
public sealed record QuarantinedMessage(DateTimeOffset At, string Source, string Reason, byte[] Body)
{
    public const int BodyLimit = 64 * 1024;
}
