using Broker.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Agent;

/// <summary>Tells an agent what it can do.</summary>
public sealed class BrokerAgentBuilder
{
    private readonly Dictionary<string, ObjectFactory> _handlers = new(StringComparer.Ordinal);

    internal BrokerAgentBuilder(IServiceCollection services)
    {
        Services = services;
        services.AddSingleton(Build);
    }

    /// <summary>For what the handlers need.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Lets <typeparamref name="THandler"/> run the tasks of a type. A new one is made for every attempt, in its own scope.</summary>
    /// <exception cref="ArgumentException">The type is empty, longer than 128 characters, or has a handler already.</exception>
    public BrokerAgentBuilder AddHandler<THandler>(string type) where THandler : class, ITaskHandler
    {
        if (string.IsNullOrEmpty(type) || type.Length > Limits.TypeLength)
            throw new ArgumentException($"A task type has 1 to {Limits.TypeLength} characters.", nameof(type));
        if (_handlers.Count == Limits.WorkerTypeCount)
            throw new ArgumentException($"A worker handles at most {Limits.WorkerTypeCount} types.", nameof(type));
        if (!_handlers.TryAdd(type, ActivatorUtilities.CreateFactory(typeof(THandler), [])))
            throw new ArgumentException($"Tasks of type '{type}' have a handler already.", nameof(type));
        return this;
    }

    private HandlerSet Build(IServiceProvider services)
    {
        var scopes = services.GetRequiredService<IServiceScopeFactory>();
        return new HandlerSet(_handlers.ToDictionary(handler => handler.Key, handler => InScope(scopes, handler.Value)));
    }

    private static HandleTask InScope(IServiceScopeFactory scopes, ObjectFactory make) => async (context, cancellationToken) =>
    {
        await using var scope = scopes.CreateAsyncScope();
        var handler = (ITaskHandler)make(scope.ServiceProvider, []);
        try
        {
            return await handler.HandleAsync(context, cancellationToken);
        }
        finally
        {
            if (handler is IAsyncDisposable later) await later.DisposeAsync();
            else (handler as IDisposable)?.Dispose();
        }
    };
}
