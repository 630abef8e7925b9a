using System.Text.Json;
using System.Text.Json.Nodes;

namespace Broker.SystemTests;

/// <summary>A worker over AMQP played by a test: it takes and says only what the test tells it to.</summary>
public sealed class AmqpBot : IAsyncDisposable
{
    private readonly JsonNode _registered;
    private readonly RabbitTap _tap;

    private AmqpBot(JsonNode registered, RabbitTap tap) => (_registered, _tap) = (registered, tap);

    public string Id => (string)_registered["id"]!;

    public string Queue => (string)_registered["queue"]!;

    /// <param name="rabbitMq">Null: the server that all tests share.</param>
    public static async Task<AmqpBot> RegisterAsync(ApiClient api, string id, string pool, int slots, Uri? rabbitMq = null) =>
        new(await api.PostAsync("/v1/workers", new { id, pool, slots }), await RabbitTap.ConnectAsync(rabbitMq));

    /// <summary>The same session over a new connection.</summary>
    public async Task<AmqpBot> ReconnectAsync(Uri rabbitMq) => new(_registered, await RabbitTap.ConnectAsync(rabbitMq));

    /// <summary>The next offer in its queue, now acknowledged.</summary>
    public async Task<TakenOffer> TakeAsync()
    {
        var offer = (await NextAsync("offer"))["offers"]![0]!;
        return new TakenOffer((string)offer["task"]!, (int)offer["attempt"]!, (string)offer["token"]!, (long)offer["number"]!);
    }

    /// <summary>The next message of this kind; others are taken and forgotten.</summary>
    public async Task<JsonNode> NextAsync(string kind)
    {
        while (true)
        {
            var message = JsonNode.Parse((await _tap.NextAsync(Queue)).Body.Span)!;
            if ((string)message["kind"]! == kind) return message;
        }
    }

    public Task ReportAsync(string kind, params TakenOffer[] offers) => SendAsync(kind, "reports",
        offers.Select(offer => new { task = offer.Task, attempt = offer.Attempt, token = offer.Token }));

    public Task InventoryAsync(long lastOffer, params IEnumerable<TakenOffer> held) => SendAsync("inventory", "attempts",
        held.Select(offer => new { task = offer.Task, attempt = offer.Attempt }), lastOffer);

    public ValueTask DisposeAsync() => _tap.DisposeAsync();

    private Task SendAsync(string kind, string listName, object list, long? lastOffer = null)
    {
        var message = new JsonObject
        {
            ["v"] = 1,
            ["kind"] = kind,
            ["worker"] = Id,
            ["session"] = (string)_registered["session"]!,
            ["lastOffer"] = lastOffer,
            [listName] = JsonSerializer.SerializeToNode(list),
        };
        return _tap.PublishAsync("", (string)_registered["reportsQueue"]!, JsonSerializer.SerializeToUtf8Bytes(message), "application/json");
    }
}

/// <summary>An attempt offered over AMQP.</summary>
/// <param name="Number">Of the offer; inventories refer to it.</param>
public sealed record TakenOffer(string Task, int Attempt, string Token, long Number);
