using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Broker.Storage;

namespace Broker.Api;

/// <summary>Places in lists as opaque text.</summary>
internal static class Cursor
{
    public static string Write(TaskCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, cursor.CreatedAt.UtcTicks);
        cursor.Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="ProblemException">It is not a cursor of ours.</exception>
    [return: NotNullIfNotNull(nameof(text))]
    public static TaskCursor? ReadTask(string? text)
    {
        if (text is null) return null;

        Span<byte> bytes = stackalloc byte[24];
        if (!TryDecode(text, bytes, out var written) || written != 24) throw BadRequests.Unreadable("cursor").AsException();

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks) throw BadRequests.Unreadable("cursor").AsException();

        return new TaskCursor(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..], bigEndian: true));
    }

    public static string Write(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    /// <exception cref="ProblemException">It is not a cursor of ours.</exception>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? ReadName(string? text)
    {
        if (text is null) return null;

        Span<byte> bytes = stackalloc byte[64];
        if (TryDecode(text, bytes, out var written) && Encoding.UTF8.GetString(bytes[..written]) is var name
            && Contracts.Names.IsValid(name))
            return name;
        throw BadRequests.Unreadable("cursor").AsException();
    }

    private static bool TryDecode(string text, Span<byte> bytes, out int written)
    {
        written = 0;
        return text.Length <= 128 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out written);
    }
}
