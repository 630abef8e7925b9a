using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Api.Tests;

public sealed class OpenApiTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_document_lists_every_route_with_its_refusals()
    {
        var document = (await api.GetAsync("/openapi/v1.json")).Json;

        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).Order().ToArray();
        var mapped = api.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>().Where(route => route.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .Select(route => $"{route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {route.RoutePattern.RawText!.TrimEnd('/')}")
            .Order().ToArray();
        Assert.Equal(mapped, described.Where(operation => operation.Contains("/v1", StringComparison.Ordinal)));
        Assert.Equal(28, mapped.Length);
        foreach (var operation in Operations(document))
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()));
            Assert.Contains("`overloaded`", operation.GetProperty("responses").GetProperty("503").GetProperty("description").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_reference_in_the_document_leads_somewhere()
    {
        var document = (await api.GetAsync("/openapi/v1.json")).Json;
        var names = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();

        var references = References(document).ToArray();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Contains(reference.Replace("#/components/schemas/", "", StringComparison.Ordinal), names));
        Assert.Contains("SubmitBatchItem", document.GetProperty("components").GetProperty("schemas").GetProperty("SubmitBatchRequest").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_interactive_pages_need_nothing_from_outside()
    {
        var page = await api.GetAsync("/api/docs");
        if (page.Status is 301 or 302) page = await api.GetAsync("/api/docs/");

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("https://", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"//", page.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonElement> Operations(JsonElement document) => document.GetProperty("paths").EnumerateObject()
        .Where(path => path.Name.StartsWith("/v1", StringComparison.Ordinal)).SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value);

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "$ref" ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
