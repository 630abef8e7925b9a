using System.Buffers.Binary;

namespace Broker.Contracts.Tests;

public sealed class TaskIdTests
{
    [Fact]
    public void Carries_its_time_and_is_a_UUID_of_version_8()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() + 1));
            var id = Id(random, bytes => BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16));

            Assert.Equal(8, id.Version);
            Assert.InRange(id.Variant, 8, 11);
            Assert.False(TaskId.IsKeyed(id));
            Assert.Equal(at, TaskId.TimeOf(id));
        }
    }

    [Fact]
    public void Made_from_a_key_it_has_no_time_and_sorts_last()
    {
        var random = new Random(1);
        var keyed = Id(random, bytes => bytes[0] = TaskId.KeyedMark);
        var timed = Id(random, bytes => BinaryPrimitives.WriteInt64BigEndian(bytes, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() << 16));

        Assert.True(TaskId.IsKeyed(keyed));
        Assert.Null(TaskId.TimeOf(keyed));
        Assert.True(string.CompareOrdinal(keyed.ToString(), timed.ToString()) > 0);
    }

    [Fact]
    public void Any_id_can_be_asked()
    {
        var random = new Random(1);
        var bytes = new byte[16];
        for (var i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            var id = new Guid(bytes);

            Assert.True(TaskId.TimeOf(id) is null || !TaskId.IsKeyed(id));
        }
        Assert.Equal(DateTimeOffset.UnixEpoch, TaskId.TimeOf(Guid.Empty));
    }

    private delegate void Fill(Span<byte> bytes);

    private static Guid Id(Random random, Fill fill)
    {
        Span<byte> bytes = stackalloc byte[16];
        fill(bytes);
        random.NextBytes(bytes[6..]);
        TaskId.Stamp(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
