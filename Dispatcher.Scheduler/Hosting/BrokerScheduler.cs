using Broker.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Broker.Scheduler;

/// <summary>Puts a scheduler together: behind RabbitMQ, or embedded in one process with everything else.</summary>
internal static class BrokerScheduler
{
    /// <summary>A scheduler behind RabbitMQ. Needs an <see cref="ISchedulerStore"/>.</summary>
    public static IServiceCollection AddBrokerScheduler(this IServiceCollection services, Uri rabbitMq, SchedulerOptions options)
    {
        services.AddSingleton(provider => new RabbitConnections(
            rabbitMq, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RabbitConnections>>()));
        services.AddSingleton(provider => new RabbitInputs(provider.GetRequiredService<RabbitConnections>(), options,
            provider.GetRequiredService<IEventLog>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService<TopologyService>();
        return services.AddLeader<RabbitInputs>(options);
    }

    /// <summary>A scheduler whose API and workers live in this process and meet it at <see cref="InProcessHub"/>.</summary>
    public static IServiceCollection AddEmbeddedScheduler(this IServiceCollection services, SchedulerOptions options)
    {
        options.Embedded = true;
        services.AddSingleton<InProcessHub>();
        return services.AddLeader<InProcessHub>(options);
    }

    private static IServiceCollection AddLeader<TTransport>(this IServiceCollection services, SchedulerOptions options)
        where TTransport : class, IInputSource, IWorkerWire
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new LeaderInbox(provider.GetRequiredService<TTransport>()));
        services.AddSingleton(provider => new LeadershipLoop(
            provider.GetRequiredService<ISchedulerStore>(),
            provider.GetRequiredService<LeaderInbox>(),
            inbox => new SchedulerLoop(
                provider.GetRequiredService<ISchedulerStore>(), inbox, provider.GetRequiredService<TTransport>(), options,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SchedulerLoop>>()),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LeadershipLoop>>()));
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<ReserveReviewJob>(trigger => trigger.WithSimpleSchedule(
                schedule => schedule.WithInterval(TimeSpan.FromSeconds(1)).RepeatForever()));
            quartz.ScheduleJob<UpkeepJob>(trigger => trigger.WithSimpleSchedule(
                schedule => schedule.WithInterval(TimeSpan.FromHours(1)).RepeatForever()));
        });
        services.AddQuartzHostedService();
        // Last to start and first to stop: nothing is to stand between the wish to stop and the next leader.
        services.AddHostedService<LeadershipService>();
        return services;
    }
}
