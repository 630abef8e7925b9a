using System.Net.Http.Headers;
using System.Text.Json;

namespace Broker.Api.Tests;

/// <summary>What the API answered.</summary>
internal sealed record Answer(int Status, string? MediaType, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? this[string field] => Json.TryGetProperty(field, out var value) ? value.ToString() : null;

    /// <summary>Fails unless it is whole problem details with this status and code.</summary>
    public Answer AssertProblem(int status, string code)
    {
        Assert.Equal((status, code), (Status, MediaType == "application/problem+json" ? this["code"] : Text));
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.Equal("urn:broker:problem:" + code, this["type"]);
        Assert.False(string.IsNullOrEmpty(this["title"]));
        Assert.False(string.IsNullOrEmpty(this["detail"]));
        Assert.False(string.IsNullOrEmpty(this["traceId"]));
        Assert.Equal(status == 503, Headers.RetryAfter is not null);
        return this;
    }

    public string?[] Pointers => [.. Json.GetProperty("errors").EnumerateArray()
        .Select(error => error.TryGetProperty("pointer", out var pointer) ? pointer.GetString() : error.GetProperty("parameter").GetString())];
}
