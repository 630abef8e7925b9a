using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class FinishedIdsTests
{
    [Fact]
    public void Only_ids_above_all_that_ever_finished_certainly_lie_not_in_the_history()
    {
        var ids = new FinishedIds(newest: IdAt(100));

        Assert.True(ids.MayContain(IdAt(99)));
        Assert.True(ids.MayContain(IdAt(100)));
        Assert.False(ids.MayContain(IdAt(101)));
        Assert.True(ids.MayContain(Keyed(7)));
    }

    [Fact]
    public void What_finishes_under_this_leader_may_be_there_from_then_on()
    {
        var ids = new FinishedIds(newest: IdAt(100));

        ids.Add(IdAt(105));

        Assert.True(ids.MayContain(IdAt(105)));
        Assert.False(ids.MayContain(IdAt(104)));
        Assert.False(ids.MayContain(IdAt(106)));
    }

    [Fact]
    public void No_id_that_finished_is_ever_thought_new_however_many_there_were_and_in_whatever_order()
    {
        var random = new Random(1);
        var ids = new FinishedIds(newest: IdAt(1_000));
        var finished = new HashSet<Guid>();
        for (var i = 0; i < 350_000; i++)
        {
            // In the order of submission, more or less.
            var id = IdAt(2_000 + (i / 10) + random.Next(5_000));
            finished.Add(id);
            ids.Add(id);
        }

        Assert.All(finished, id => Assert.True(ids.MayContain(id)));
        Assert.False(ids.MayContain(IdAt(1_000_000)));
    }

    private static Guid IdAt(long milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds << 16);
        TaskId.Stamp(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    private static Guid Keyed(byte content)
    {
        Span<byte> bytes = stackalloc byte[16];
        (bytes[0], bytes[1]) = (TaskId.KeyedMark, content);
        TaskId.Stamp(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
