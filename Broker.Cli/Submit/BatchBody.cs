using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Broker.Cli;

/// <summary>Writes the request of a batch. What all tasks share is turned into JSON once.</summary>
internal sealed class BatchBody
{
    private readonly byte[] _head;
    private readonly string _runKey;

    /// <param name="runKey">Unique to the run; every task's idempotency key is this and its line, so that no repeated
    /// request, whoever lost its answer, can double a task.</param>
    public BatchBody(TaskTemplate template, string runKey)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(template, ClientJson.Default.TaskTemplate);
        _head = [.. json.AsSpan(0, json.Length - 1), .. ",\"idempotencyKey\":"u8];
        _runKey = runKey;
    }

    public ReadOnlyMemory<byte> Write(IReadOnlyList<SubmitItem> items)
    {
        var body = new ArrayBufferWriter<byte>(items.Sum(item => _head.Length + _runKey.Length + 32 + (item.Payload?.Length ?? 0)));
        body.Write("{\"tasks\":["u8);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) body.Write(","u8);
            body.Write(_head);
            var key = string.Create(CultureInfo.InvariantCulture, $"{_runKey}-{items[i].Line}");
            body.Write(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(key)}\""));
            if (items[i].Payload is { } payload)
            {
                body.Write(",\"payload\":"u8);
                body.Write(payload);
            }
            body.Write("}"u8);
        }
        body.Write("]}"u8);
        return body.WrittenMemory;
    }
}
