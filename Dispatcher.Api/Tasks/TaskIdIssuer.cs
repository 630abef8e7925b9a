using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Broker.Contracts;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>Makes task ids and tells ours from guesses, without the database. Layout: <see cref="TaskId"/>.</summary>
/// <remarks>A timed id holds 48 bits of milliseconds, 18 of a counter and 24 of the process; no two of a process are
/// alike, and they grow. All API processes share the secret.</remarks>
internal sealed class TaskIdIssuer(IOptions<ApiOptions> options, TimeProvider timeProvider)
{
    /// <summary>How long a finished task is kept at most, and a clock may be ahead of ours.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private const int CounterBits = 18;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly byte[] secret = Encoding.UTF8.GetBytes(options.Value.IdSecret);
    private readonly int node = RandomNumberGenerator.GetInt32(1 << 24);
    private long last;

    /// <summary>A new id of this moment.</summary>
    public Guid Issue()
    {
        var stamp = NextStamp();
        var counter = (int)(stamp & ((1 << CounterBits) - 1));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (stamp >> CounterBits) << 16);
        bytes[6] = (byte)(counter >> 14);
        bytes[7] = (byte)(counter >> 6);
        bytes[8] = (byte)(counter & 0x3F);
        bytes[9] = (byte)(node >> 16);
        bytes[10] = (byte)(node >> 8);
        bytes[11] = (byte)node;
        return Seal(bytes);
    }

    /// <summary>The id that this key of this tenant always has.</summary>
    public Guid IssueFor(string tenant, string key)
    {
        Span<byte> bytes = stackalloc byte[32];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"key\0{tenant}\0{key}"), bytes);
        bytes[0] = TaskId.KeyedMark;
        return Seal(bytes[..16]);
    }

    /// <summary>Whether we issued the id and, if it tells its time, the task may still be kept.</summary>
    public bool IsCurrent(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        Span<byte> tag = stackalloc byte[4];
        WriteTag(bytes, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, bytes[TaskId.TagOffset..])) return false;
        if (TaskId.IsKeyed(id)) return true;

        var age = timeProvider.GetUtcNow() - TaskId.TimeOf(id);
        return age < Retention && age > -ClockSkew;
    }

    /// <summary>Milliseconds and counter in one number that always grows, also when the clock steps back.</summary>
    private long NextStamp()
    {
        while (true)
        {
            var seen = Volatile.Read(ref last);
            var next = Math.Max(seen + 1, timeProvider.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits);
            if (Interlocked.CompareExchange(ref last, next, seen) == seen) return next;
        }
    }

    private Guid Seal(Span<byte> bytes)
    {
        TaskId.Stamp(bytes);
        WriteTag(bytes, bytes[TaskId.TagOffset..]);
        return new Guid(bytes, bigEndian: true);
    }

    private void WriteTag(ReadOnlySpan<byte> id, Span<byte> tag)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(secret, id[..TaskId.TagOffset], hash);
        hash[..4].CopyTo(tag);
    }
}
