using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Broker.Contracts.Tests;

/// <summary>A value for every field of a record, always the same, so that no field can change its name or form unseen.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    /// <summary>The records of Contracts that are not part of another one: what is sent, published or stored by itself.</summary>
    public static IReadOnlyList<Type> Roots { get; } = FindRoots();

    public static object Of(Type type) => Value(type, "");

    private static object Value(Type type, string name)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Value(underlying, name);
        if (type == typeof(string)) return name;
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 1;
        if (type == typeof(long)) return 9_007_199_254_740_993;
        if (type == typeof(double)) return 0.5;
        if (type == typeof(Guid)) return new Guid("01989c5e-7a3e-8b1c-9f00-3c1d5e6f7a8b");
        if (type == typeof(DateTimeOffset)) return Moment;
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(90);
        if (type == typeof(RawJson)) return new RawJson(Encoding.UTF8.GetBytes("""{"hello":"world"}"""));
        if (Elements(type) is { } parts) return Collection(parts, name);
        return type.Assembly == typeof(TaskId).Assembly ? Record(type) : throw new NotSupportedException($"No sample for {type}.");
    }

    private static object Collection(Type[] parts, string name)
    {
        var item = Value(parts[^1], name);
        if (parts.Length == 1)
        {
            var list = Array.CreateInstance(parts[0], 1);
            list.SetValue(item, 0);
            return list;
        }
        var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(parts))!;
        map.Add(Value(parts[0], name), item);
        return map;
    }

    private static object Record(Type type)
    {
        var record = type.GetConstructor([]) is null ? RuntimeHelpers.GetUninitializedObject(type) : Activator.CreateInstance(type)!;
        foreach (var property in Fields(type))
        {
            // Words that are always the same, as a message's kind.
            if (property.GetValue(record) is string { Length: > 0 }) continue;
            property.SetValue(record, Value(property.PropertyType, char.ToLowerInvariant(property.Name[0]) + property.Name[1..]));
        }
        return record;
    }

    private static List<Type> FindRoots()
    {
        var records = typeof(TaskId).Assembly.GetExportedTypes()
            .Where(type => type.GetMethod("<Clone>$") is not null && type != typeof(QueueNames)).ToList();
        var parts = records.SelectMany(Fields).SelectMany(field => Leaves(field.PropertyType)).ToHashSet();
        return [.. records.Where(type => !parts.Contains(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<PropertyInfo> Fields(Type type) => type.GetProperties().Where(property => property.CanWrite);

    private static IEnumerable<Type> Leaves(Type type) => Elements(type) is { } parts ? parts.SelectMany(Leaves) : [type];

    private static Type[]? Elements(Type type) =>
        type.IsGenericType && type.Namespace == "System.Collections.Generic" ? type.GetGenericArguments() : null;
}
