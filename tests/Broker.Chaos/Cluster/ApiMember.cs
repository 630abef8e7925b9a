using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.Chaos;

/// <summary>An API process and a client of it.</summary>
internal sealed class ApiMember(Uri address, Member member) : IDisposable
{
    public Uri Address => address;

    public Member Member => member;

    /// <summary>Gives up after 10 s: what a patient client does, and longer than any answer may take.</summary>
    public HttpClient Http { get; } = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };

    public async Task WaitUntilReadyAsync(TimeSpan limit) => await Eventually.Async(
        async () => (string?)JsonNode.Parse(await Http.GetStringAsync("health/ready"))!["status"],
        status => status == "ready", $"{member.Name} is ready", limit);

    public Task PutPoolAsync(string name, object settings, TimeSpan limit) => Eventually.Async(async () =>
    {
        using var response = await Http.PutAsJsonAsync($"v1/pools/{name}", settings);
        return response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
    }, refusal => refusal.Length == 0, $"pool {name} is set", limit);

    public void Dispose() => Http.Dispose();
}
