namespace Broker.Api;

/// <param name="Status"><c>ready</c>, <c>degraded</c> (submitting works) or <c>unavailable</c>.</param>
/// <param name="Submissions"><c>ok</c>, or what keeps tasks from being taken.</param>
/// <param name="Database"><c>ok</c>, or what is wrong.</param>
/// <param name="Leader"><c>ok</c>, or what is wrong.</param>
internal sealed record ReadyResponse(string Status, string Submissions, string Database, string Leader);
