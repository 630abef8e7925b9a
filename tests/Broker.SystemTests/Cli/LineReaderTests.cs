using System.Text;
using Broker.Cli;

namespace Broker.SystemTests.Cli;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("a\nbb\n\nc", "a", "bb", "", "c")]
    [InlineData("a\n", "a")]
    [InlineData("")]
    [InlineData("123456\nok", null, "ok")]
    [InlineData("ok\n1234567890123456789", "ok", null)]
    public async Task Lines_come_in_order_and_null_stands_for_one_that_is_too_long(string text, params string?[] expected)
    {
        foreach (var chunk in (int[])[1, 3, 1000])
        {
            var lines = new List<string?>();
            var reader = new LineReader(new TricklingStream(Encoding.UTF8.GetBytes(text), chunk), (byte)'\n', lengthLimit: 5);
            await foreach (var (number, line) in reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                lines.Add(line is null ? null : Encoding.UTF8.GetString(line));
                Assert.Equal(lines.Count, number);
            }
            Assert.Equal(expected, lines);
        }
    }

    private sealed class TricklingStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
