using System.Globalization;
using Broker.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Broker.Api;

/// <summary>Lists the codes a route may refuse with under their statuses.</summary>
internal sealed class RefusalTransformer : IOpenApiOperationTransformer
{
    /// <summary>What any route with a body may answer.</summary>
    private static readonly string[] OfBodies =
        [ProblemCode.MalformedRequest, ProblemCode.PayloadTooLarge, ProblemCode.UnsupportedMediaType];

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var codes = context.Description.ActionDescriptor.EndpointMetadata.OfType<RefusalCodes>()
            .SelectMany(refusal => refusal.Codes);
        if (operation.RequestBody is not null) codes = codes.Concat(OfBodies);
        if (context.Description.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) is true)
            codes = codes.Append(ProblemCode.Overloaded).Append(ProblemCode.InternalError);

        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), cancellationToken: cancellationToken);
        foreach (var group in codes.Distinct().GroupBy(code => ProblemMap.Describe(code).Status).OrderBy(group => group.Key))
        {
            operation.Responses ??= [];
            operation.Responses[group.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = "Codes: " + string.Join(", ", group.Select(code => $"`{code}`")) + ".",
                Content = new Dictionary<string, OpenApiMediaType> { [ProblemBody.ContentType] = new() { Schema = schema } },
            };
        }
    }
}
