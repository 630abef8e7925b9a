using Broker.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Broker.Agent;

/// <summary>Adds a Broker worker to a host.</summary>
public static class BrokerAgentExtensions
{
    /// <summary>Adds one worker, which registers when the host starts and drains when it stops.</summary>
    /// <param name="configure">Sets options after those of the configuration section <c>Broker</c>; null for none.</param>
    /// <remarks>A wrong option stops the host at its start. A host has one agent; what is added twice are its handlers.</remarks>
    public static BrokerAgentBuilder AddBrokerAgent(this IServiceCollection services, Action<AgentOptions>? configure = null)
    {
        services.AddOptionsWithValidateOnStart<AgentOptions, AgentOptionsValidator>()
            .BindConfiguration("Broker")
            .Configure(configure ?? (static _ => { }));
        // The host must not cut short what the worker takes to stop: drain, cancel, last reports.
        services.AddOptions<HostOptions>().Configure<IOptions<AgentOptions>>(
            static (host, agent) => host.ShutdownTimeout = agent.Value.DrainLimit + TimeSpan.FromSeconds(30));

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new ApiClient(new HttpClient
        {
            BaseAddress = WithSlash(OptionsOf(provider).Api),
            Timeout = TimeSpan.FromSeconds(20),
        }));
        services.AddSingleton(static provider => new ConnectionPool(new RabbitMqOptions(OptionsOf(provider).RabbitMq) { WorkersPerGroup = 1 }));
        services.AddSingleton<IBrokerConnection>(static provider => OptionsOf(provider).Transport == WorkerTransport.Http
            ? ActivatorUtilities.CreateInstance<HttpConnection>(provider)
            : ActivatorUtilities.CreateInstance<RabbitMqConnection>(provider));
        services.AddHostedService<AgentService>();
        return new BrokerAgentBuilder(services);
    }

    private static AgentOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<AgentOptions>>().Value;

    private static Uri WithSlash(Uri uri) => uri.AbsolutePath.EndsWith('/') ? uri : new Uri(uri + "/");
}
