using System.Buffers.Binary;

namespace Broker.Contracts;

/// <summary>The layout of task ids: UUID version 8, big-endian. Who issues and verifies them holds the secret; see the API.</summary>
/// <remarks>
/// Bytes 0–5: milliseconds since 1970, or 0xFF followed by hash bits for an id made from an idempotency key;
/// byte 6: version 8; bytes 7–11: randomness or hash bits around the variant; bytes 12–15: HMAC tag over the rest.
/// Keyed ids sort behind all others, so that lists can page through timed ids by id.
/// </remarks>
public static class TaskId
{
    /// <summary>Where the tag starts; it covers the bytes before.</summary>
    public const int TagOffset = 12;

    /// <summary>First byte of a keyed id; a timestamp reaches it in the year 10,889.</summary>
    public const byte KeyedMark = 0xFF;

    /// <summary>Whether the id was made from an idempotency key, so that it carries no time.</summary>
    public static bool IsKeyed(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[0] == KeyedMark;
    }

    /// <summary>When the id was made, UTC, or null for a keyed id.</summary>
    public static DateTimeOffset? TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        if (bytes[0] == KeyedMark) return null;

        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
    }

    /// <summary>Lays out an id from its first twelve bytes of content; stamps version and variant, leaves the tag zero.</summary>
    public static void Stamp(Span<byte> bytes)
    {
        bytes[6] = (byte)(0x80 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
    }
}
