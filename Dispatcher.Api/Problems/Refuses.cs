namespace Broker.Api;

/// <summary>Codes a route may refuse with, for its documentation.</summary>
internal sealed record RefusalCodes(IReadOnlyList<string> Codes);

internal static class Refuses
{
    /// <summary>Says which codes a route may answer; the OpenAPI document lists them under their statuses.</summary>
    public static RouteHandlerBuilder MayRefuse(this RouteHandlerBuilder route, params string[] codes) =>
        route.WithMetadata(new RefusalCodes(codes));
}
