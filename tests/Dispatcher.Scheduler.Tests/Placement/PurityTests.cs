using System.Reflection;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Broker.Scheduler.Tests;

/// <summary>What decides takes everything it looks at as an argument.</summary>
public sealed class PurityTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData(typeof(LeastLoad))]
    [InlineData(typeof(PlacementDecision))]
    [InlineData(typeof(FleetIndex))]
    [InlineData(typeof(WorkerGroup))]
    [InlineData(typeof(Backlog))]
    [InlineData(typeof(BacklogLine))]
    [InlineData(typeof(BacklogLevel))]
    [InlineData(typeof(ReservePolicy))]
    [InlineData(typeof(PoolFlow))]
    [InlineData(typeof(RetryPolicy))]
    [InlineData(typeof(WorkerLiveness))]
    [InlineData(typeof(LossBrake))]
    [InlineData(typeof(QuarantinePolicy))]
    [InlineData(typeof(FailureWatch))]
    [InlineData(typeof(FailureStreak))]
    [InlineData(typeof(KindOutcomes))]
    public void Takes_no_clock_no_io_no_bus_and_no_database(Type type)
    {
        var seen = type.GetMembers(All).SelectMany(TypesOf).SelectMany(Unwrap).Distinct().ToList();

        Assert.DoesNotContain(seen, IsOutside);
    }

    private static bool IsOutside(Type type) => type == typeof(TimeProvider) || typeof(Task).IsAssignableFrom(type)
        || typeof(Stream).IsAssignableFrom(type) || type.Assembly == typeof(DbContext).Assembly
        || type.Assembly == typeof(IBus).Assembly || (type.Namespace?.StartsWith("System.IO", StringComparison.Ordinal) ?? false)
        || (type.Namespace?.StartsWith("System.Net", StringComparison.Ordinal) ?? false);

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        MethodBase method => method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])
            .Concat(method is MethodInfo returns ? [returns.ReturnType] : []),
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType],
        _ => [],
    };

    private static IEnumerable<Type> Unwrap(Type type) => type.GetGenericArguments().SelectMany(Unwrap).Append(type);
}
