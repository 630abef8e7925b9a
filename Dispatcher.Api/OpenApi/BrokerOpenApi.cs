using Scalar.AspNetCore;

namespace Broker.Api;

/// <summary>The OpenAPI document at /openapi/v1.json and its pages at /api/docs.</summary>
internal static class BrokerOpenApi
{
    public static void AddBrokerOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Broker";
            document.Info.Version = "v1";
            document.Info.Description = "Hands tasks to fleets of bots. Times are RFC 3339 UTC, lengths of time `10s`, `5m` or "
                + "ISO 8601; every error is RFC 9457 problem details with a stable `code`.";
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer<RefusalTransformer>();
        options.AddSchemaTransformer<BatchSchemaTransformer>();
    });

    public static void MapBrokerOpenApi(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").DisableRateLimiting();
        app.MapScalarApiReference("/api/docs", options => options
            .HideDeveloperTools()
            .WithTitle("Broker API")
            .WithOpenApiRoutePattern("/openapi/v1.json")
            // Nothing from outside: the page must work without the Internet and tell nobody.
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent());
    }
}
