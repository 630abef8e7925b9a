using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Broker.Contracts;

namespace Broker.Agent;

/// <summary>The HTTP calls that every worker makes.</summary>
internal sealed class ApiClient(HttpClient http)
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <exception cref="RegistrationRefusedException">Broker answered that it will never do.</exception>
    public async Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("v1/workers", registration, Json, cancellationToken);
        if (IsFinal(response.StatusCode))
            throw new RegistrationRefusedException(await ReasonAsync(response, cancellationToken));
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException(await ReasonAsync(response, cancellationToken), null, response.StatusCode);

        var answer = await response.Content.ReadFromJsonAsync<Answer>(Json, cancellationToken)
            ?? throw new JsonException("The answer is empty.");
        return new WorkerRegistered
        {
            Worker = answer.Id,
            Session = answer.Session,
            Queue = answer.Queue,
            ReportsQueue = answer.ReportsQueue,
            BeatsQueue = answer.BeatsQueue,
            BeatInterval = Durations.TryParse(answer.BeatInterval, out var interval)
                ? interval : throw new JsonException($"'{answer.BeatInterval}' is no beat interval."),
            ReconnectSpread = Durations.TryParse(answer.ReconnectSpread, out var spread) ? spread : TimeSpan.Zero,
        };
    }

    /// <summary>Any other call. The answer is null and the reason is not, unless the call succeeded.</summary>
    public async Task<(HttpStatusCode Status, T? Answer, string? Reason)> SendAsync<T>(
        HttpMethod method, string path, object? body, string? session, CancellationToken cancellationToken) where T : class
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        if (session is not null) request.Headers.Add("Broker-Session", session);
        using var response = await http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? (response.StatusCode, await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken), null)
            : (response.StatusCode, null, await ReasonAsync(response, cancellationToken));
    }

    /// <summary>Status and detail of a refusal, for people.</summary>
    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (status, text) = ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        try
        {
            using var problem = JsonDocument.Parse(text);
            if (problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("detail", out var detail))
                return $"{status}: {detail}";
        }
        catch (JsonException)
        {
            // Not one of Broker's own answers.
        }
        return $"{status} {response.ReasonPhrase}";
    }

    /// <summary>What is wrong with the request itself; a server that starts or is too busy answers otherwise.</summary>
    private static bool IsFinal(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            or HttpStatusCode.RequestEntityTooLarge;

    private sealed record Answer(
        string Id, string Session, string? Queue, string? ReportsQueue, string? BeatsQueue, string BeatInterval, string? ReconnectSpread);
}
