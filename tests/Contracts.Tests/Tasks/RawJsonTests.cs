using System.Text;
using System.Text.Json;

namespace Broker.Contracts.Tests;

public sealed class RawJsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("false")]
    [InlineData("\"\"")]
    [InlineData("12345678901234567890.123456789e400")]
    [InlineData("-0")]
    [InlineData("""{"a": 1, "a" : 2}""")]
    [InlineData("""[ "\u0041\/", "ä", "\ud83d\ude00" ]""")]
    public void Carries_text_byte_by_byte(string json)
    {
        var read = JsonSerializer.Deserialize<RawJson>(json);

        Assert.Equal(json, Encoding.UTF8.GetString(read.Utf8.Span));
        Assert.Equal(json, JsonSerializer.Serialize(read));
    }

    [Fact]
    public void Null_and_nothing_are_the_same()
    {
        Assert.True(JsonSerializer.Deserialize<RawJson>("null").IsEmpty);
        Assert.Null(default(RawJson).ToArrayOrNull());
        Assert.Equal("null", JsonSerializer.Serialize(default(RawJson)));
    }

    [Fact]
    public void Nothing_is_left_out_of_an_offer()
    {
        var offer = (OfferMessage)Samples.Of(typeof(OfferMessage));
        offer = offer with { Offers = [offer.Offers[0] with { Payload = default }] };

        Assert.DoesNotContain("payload", JsonSerializer.Serialize(offer, WireJson.Default.OfferMessage), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{'a': 1}")]
    [InlineData("[1,]")]
    [InlineData("1 2")]
    [InlineData("NaN")]
    public void Refuses_what_is_no_JSON(string text) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RawJson>(text));

    [Fact]
    public void Gives_out_only_its_own_part_of_a_buffer()
    {
        var buffer = "[true]"u8.ToArray();

        Assert.Equal("true"u8.ToArray(), new RawJson(buffer.AsMemory(1, 4)).ToArrayOrNull());
        Assert.Same(buffer, new RawJson(buffer).ToArrayOrNull());
    }
}
