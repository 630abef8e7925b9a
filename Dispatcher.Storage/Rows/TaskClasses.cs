namespace Broker.Storage;

/// <summary>Gives equal classes one instance, so that a million tasks of one class share it. One load or page each.</summary>
internal sealed class TaskClasses
{
    private readonly Dictionary<(string Tenant, string Pool, string Type, string? Requires, int Cost), TaskClass> _classes = [];
    private readonly Dictionary<string, string> _names = [];

    public TaskClass Get(string tenant, string pool, string type, string? requires, int cost)
    {
        var key = (tenant, pool, type, requires, cost);
        if (_classes.TryGetValue(key, out var known)) return known;

        return _classes[key] = new TaskClass(tenant, pool, type, RequiresText.Read(requires), cost);
    }

    /// <summary>One string for equal states and workers.</summary>
    public string Name(string name)
    {
        if (_names.TryGetValue(name, out var known)) return known;

        return _names[name] = name;
    }
}
