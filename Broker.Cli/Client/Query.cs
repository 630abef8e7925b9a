using System.Globalization;

namespace Broker.Cli;

/// <summary>Builds a path with a query string; what is null is left out.</summary>
internal sealed class Query(string path)
{
    private readonly List<string> _parts = [];

    public Query Add(string name, string? value)
    {
        if (value is not null) _parts.Add($"{name}={Uri.EscapeDataString(value)}");
        return this;
    }

    public Query Add(string name, IEnumerable<string>? values)
    {
        foreach (var value in values ?? []) Add(name, value);
        return this;
    }

    public Query Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _parts.Count == 0 ? path : $"{path}?{string.Join('&', _parts)}";
}
