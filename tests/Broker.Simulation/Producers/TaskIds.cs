using System.Buffers.Binary;
using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>Ids as an API process makes them: they begin with the time.</summary>
internal static class TaskIds
{
    public static Guid Next(Random random, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        TaskId.Stamp(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
