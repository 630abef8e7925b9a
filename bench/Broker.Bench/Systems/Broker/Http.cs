namespace Broker.Bench;

internal static class Http
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Null if nobody answers, or not with success.</summary>
    public static async Task<string?> TryGetAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Client.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellationToken) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
