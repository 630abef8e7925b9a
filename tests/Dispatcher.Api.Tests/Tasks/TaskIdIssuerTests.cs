using Broker.Contracts;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Api.Tests;

public sealed class TaskIdIssuerTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void No_two_ids_are_alike_and_they_grow_even_when_the_clock_stands()
    {
        var issuer = AnIssuer();
        var ids = new Guid[400_000];
        Parallel.For(0, 4, part =>
        {
            for (var i = 0; i < 100_000; i++) ids[(part * 100_000) + i] = issuer.Issue();
        });

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.True(string.CompareOrdinal(issuer.Issue().ToString(), issuer.Issue().ToString()) < 0);
        Assert.All(ids.Take(1_000), id => Assert.True(issuer.IsCurrent(id)));
    }

    [Fact]
    public void An_id_tells_its_time_version_and_variant()
    {
        var id = AnIssuer().Issue();

        Assert.Equal(clock.GetUtcNow(), TaskId.TimeOf(id));
        Assert.Equal(8, id.Version);
        Assert.InRange(id.Variant, 8, 11);
    }

    [Fact]
    public void Every_changed_bit_is_noticed()
    {
        var issuer = AnIssuer();
        foreach (var id in new[] { issuer.Issue(), issuer.IssueFor("default", "key") })
        {
            for (var bit = 0; bit < 128; bit++)
            {
                var bytes = id.ToByteArray(bigEndian: true);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(issuer.IsCurrent(new Guid(bytes, bigEndian: true)), $"bit {bit} of {id}");
            }
        }
    }

    [Fact]
    public void A_key_gives_the_same_id_in_every_process_and_another_one_per_tenant()
    {
        var id = AnIssuer().IssueFor("default", "order-17");

        Assert.Equal(id, AnIssuer().IssueFor("default", "order-17"));
        Assert.NotEqual(id, AnIssuer().IssueFor("other", "order-17"));
        Assert.NotEqual(id, AnIssuer().IssueFor("default", "order-18"));
        Assert.True(TaskId.IsKeyed(id));
        Assert.True(AnIssuer().IsCurrent(id));
        Assert.False(AnIssuer("another-secret-another-secret-1234").IsCurrent(id));
    }

    [Fact]
    public void An_id_is_current_as_long_as_its_task_may_be_kept()
    {
        var issuer = AnIssuer();
        var id = issuer.Issue();

        clock.Advance(TaskIdIssuer.Retention - TimeSpan.FromSeconds(1));
        Assert.True(issuer.IsCurrent(id));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(issuer.IsCurrent(id));
    }

    private TaskIdIssuer AnIssuer(string secret = ApiHost.Secret) => new(Options.Create(new ApiOptions { IdSecret = secret }), clock);
}
