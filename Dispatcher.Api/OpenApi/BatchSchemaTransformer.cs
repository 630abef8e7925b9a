using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Broker.Api;

/// <summary>Says what a batch is made of, as its tasks are read one by one and have no type for the framework.</summary>
internal sealed class BatchSchemaTransformer : IOpenApiSchemaTransformer
{
    public async Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type != typeof(SubmitBatchRequest)) return;
        if (schema.Properties?["tasks"] is not OpenApiSchema tasks) return;

        tasks.Items = await context.GetOrCreateSchemaAsync(typeof(SubmitBatchItem), cancellationToken: cancellationToken);
    }
}
