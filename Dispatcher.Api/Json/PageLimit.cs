using Broker.Contracts;

namespace Broker.Api;

/// <summary>The query parameter <c>limit</c> of lists.</summary>
internal static class PageLimit
{
    private const int Default = 50;

    public static int Check(int? limit, FieldErrors errors)
    {
        if (limit is < 1 or > Limits.PageCount) errors.AddParameter("limit", $"Must lie in 1–{Limits.PageCount}.");
        return limit ?? Default;
    }
}
