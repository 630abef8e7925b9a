using Broker.Contracts;

namespace Broker.Api;

/// <summary>The rules of a pool's settings. Pure.</summary>
internal static class PoolRules
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <exception cref="ProblemException">A rule is broken.</exception>
    public static PoolSettings Check(string name, PoolRequest request)
    {
        var errors = new FieldErrors();
        if (!Names.IsValid(name)) errors.AddParameter("name", "Must match [a-z0-9][a-z0-9_-]{0,62}.");
        if (request.Name is not null && request.Name != name) errors.Add("#/name", "Must be the name in the path.");
        var defaults = new PoolSettings { Name = name };
        var settings = defaults with
        {
            Reserve = Check(request.Reserve ?? new(), defaults.Reserve, errors),
            Retry = Check(request.Retry ?? new(), defaults.Retry, errors),
            Quarantine = new QuarantineSettings
            {
                Policy = errors.OneOf(request.Quarantine?.Policy ?? defaults.Quarantine.Policy, "#/quarantine/policy",
                    QuarantinePolicyName.On, QuarantinePolicyName.Off),
            },
            HeartbeatInterval = errors.Duration(
                request.Heartbeat?.Interval, "#/heartbeat/interval", Second, TimeSpan.FromMinutes(10)) ?? defaults.HeartbeatInterval,
            Timeout = errors.Duration(request.Timeout, "#/timeout", Limits.ShortestTimeout, Limits.LongestTimeout)
                ?? defaults.Timeout,
        };
        errors.ThrowIfAny();
        return settings;
    }

    private static ReserveSettings Check(ReserveRequest request, ReserveSettings defaults, FieldErrors errors) => new()
    {
        Policy = errors.OneOf(request.Policy ?? defaults.Policy, "#/reserve/policy",
            ReservePolicyName.Off, ReservePolicyName.Gradual, ReservePolicyName.Target),
        ReviewEvery = errors.Duration(request.ReviewEvery, "#/reserve/reviewEvery", Second, TimeSpan.FromHours(1))
            ?? defaults.ReviewEvery,
        BacklogAbove = errors.Range(request.BacklogAbove ?? defaults.BacklogAbove, "#/reserve/backlogAbove", 0, 1_000_000),
        WaitAbove = errors.Duration(request.WaitAbove, "#/reserve/waitAbove", TimeSpan.Zero, Day) ?? defaults.WaitAbove,
        CoolDown = errors.Duration(request.CoolDown, "#/reserve/coolDown", TimeSpan.Zero, Day) ?? defaults.CoolDown,
        Period = errors.Duration(request.Period, "#/reserve/period", Second, Day) ?? defaults.Period,
    };

    private static RetrySettings Check(RetryRequest request, RetrySettings defaults, FieldErrors errors)
    {
        var settings = new RetrySettings
        {
            MaxAttempts = errors.Range(request.MaxAttempts ?? defaults.MaxAttempts, "#/retry/maxAttempts", 1, Limits.MaxAttempts),
            Base = errors.Duration(request.Base, "#/retry/base", TimeSpan.FromMilliseconds(1), Day) ?? defaults.Base,
            Cap = errors.Duration(request.Cap, "#/retry/cap", TimeSpan.FromMilliseconds(1), Limits.LongestTimeout)
                ?? defaults.Cap,
        };
        if (settings.Cap < settings.Base) errors.Add("#/retry/cap", "Must not be shorter than base.");
        return settings;
    }
}
