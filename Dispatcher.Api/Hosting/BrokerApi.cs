using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;

namespace Broker.Api;

/// <summary>The HTTP API as a part of a host: of its own process, or of <c>broker dev</c>.</summary>
public static class BrokerApi
{
    /// <summary>Everything but <see cref="ISchedulerGateway"/> and the database, which the host chooses.</summary>
    public static IServiceCollection AddBrokerApi(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ApiOptions, ApiOptionsValidator>().BindConfiguration(ApiOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TaskIdIssuer>().AddSingleton<TaskLookup>().AddSingleton<TaskWaiter>().AddSingleton<TaskCommands>();
        services.AddSingleton<OptionalReads>().AddSingleton<KnownPools>().AddSingleton<SubmissionBatcher>().AddSingleton<TaskSubmissions>();
        services.AddSingleton<AttemptReports>().AddSingleton<WorkerBeats>().AddSingleton<WorkerLookup>();
        services.AddSingleton<ApiMetrics>().AddSingleton<ProblemWriter>();

        services.AddExceptionHandler<ProblemWriter>();
        services.AddRateLimiter(OverloadLimit.Configure);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(options => ApiJson.Configure(options.SerializerOptions));
        services.Configure<KestrelServerOptions>(KestrelLimits.Configure);
        services.AddBrokerOpenApi();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Broker.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "MassTransit", "Npgsql",
                "System.Runtime")
            // Room for that many series is taken from the start for each instrument; ours and ASP.NET's need far fewer than the usual 2,000.
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = 400 })
            .AddPrometheusExporter());
        return services;
    }

    public static WebApplication MapBrokerApi(this WebApplication app)
    {
        // Nothing that the exception handler adds is needed: ProblemWriter answers everything.
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = _ => Task.CompletedTask });
        app.UseStatusCodePages(page => page.HttpContext.RequestServices.GetRequiredService<ProblemWriter>()
            .WriteAsync(page.HttpContext, ProblemMap.Of(page.HttpContext.Response.StatusCode, page.HttpContext.Request)));
        app.UseRouting();
        app.UseRateLimiter();
        app.RefuseOthers();

        var api = app.MapGroup("/v1");
        MapTasks(api.MapGroup("/tasks").WithTags("Tasks"));
        MapAttempts(api.MapGroup("/tasks/{id}/attempts/{attempt}").WithTags("Attempts"));
        MapWorkers(api.MapGroup("/workers").WithTags("Workers"));
        MapPools(api.MapGroup("/pools").WithTags("Pools"));
        StatsEndpoint.Map(api);
        HealthEndpoints.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics").DisableRateLimiting();
        app.MapBrokerOpenApi();
        ExposureNotice.Watch(app);
        return app;
    }

    private static void MapTasks(RouteGroupBuilder tasks)
    {
        SubmitTaskEndpoint.Map(tasks);
        SubmitBatchEndpoint.Map(tasks);
        WaitTasksEndpoint.Map(tasks);
        ListTasksEndpoint.Map(tasks);
        GetTaskEndpoint.Map(tasks);
        ListTaskEventsEndpoint.Map(tasks);
        ExplainTaskEndpoint.Map(tasks);
        CancelTaskEndpoint.Map(tasks);
        RetryTaskEndpoint.Map(tasks);
    }

    private static void MapAttempts(RouteGroupBuilder attempts)
    {
        StartAttemptEndpoint.Map(attempts);
        ProgressAttemptEndpoint.Map(attempts);
        SucceedAttemptEndpoint.Map(attempts);
        FailAttemptEndpoint.Map(attempts);
        ReleaseAttemptEndpoint.Map(attempts);
    }

    private static void MapWorkers(RouteGroupBuilder workers)
    {
        RegisterWorkerEndpoint.Map(workers);
        ListWorkersEndpoint.Map(workers);
        GetWorkerEndpoint.Map(workers);
        HeartbeatEndpoint.Map(workers);
        ChangeWorkerEndpoints.Map(workers);
        ListWorkerTasksEndpoint.Map(workers);
    }

    private static void MapPools(RouteGroupBuilder pools)
    {
        ListPoolsEndpoint.Map(pools);
        GetPoolEndpoint.Map(pools);
        PutPoolEndpoint.Map(pools);
    }
}
