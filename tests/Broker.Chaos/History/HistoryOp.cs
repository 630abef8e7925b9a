namespace Broker.Chaos;

internal static class HistoryOp
{
    public const string Submit = "submit";
    public const string Get = "get";

    /// <summary>A bot registers: invoke before the request, ok with the session's answer.</summary>
    public const string Registered = "registered";

    public const string Begin = "begin";

    /// <summary>ok: succeeded, with the result it made; fail: failed; info: given back, stopped or never reported.</summary>
    public const string End = "end";

    /// <summary>invoke: about to do it; ok: it was seen to bite; info: it was not.</summary>
    public const string Fault = "fault";

    public const string Heal = "heal";
    public const string Recovered = "recovered";
}

internal static class HistoryPhase
{
    public const string Invoke = "invoke";
    public const string Ok = "ok";

    /// <summary>It certainly did not happen.</summary>
    public const string Fail = "fail";

    /// <summary>Nobody knows.</summary>
    public const string Info = "info";
}
