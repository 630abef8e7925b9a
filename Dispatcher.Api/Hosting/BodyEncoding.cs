using Broker.Contracts;
using Microsoft.Net.Http.Headers;

namespace Broker.Api;

/// <summary>JSON is UTF-8 (RFC 8259): the framework would translate other encodings, and fail on those it does not know.</summary>
internal static class BodyEncoding
{
    public static void RefuseOthers(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            && HeaderUtilities.RemoveQuotes(type.Charset) is { Length: > 0 } charset)
        {
            if (!charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                throw new Problem(ProblemCode.UnsupportedMediaType, "Send the body as application/json in UTF-8.").AsException();
            // The framework does not know it in quotes.
            type.Charset = default;
            context.Request.ContentType = type.ToString();
        }
        return next(context);
    });
}
