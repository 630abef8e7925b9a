using Broker.Storage;

namespace Broker.Api;

/// <summary>A service refuses to start on a schema of another version.</summary>
internal static partial class SchemaCheck
{
    /// <summary>Null if the API may start, else a sentence that says what is wrong and what to do.</summary>
    /// <remarks>A database that is away does not stop the API: tasks can be taken without it.</remarks>
    public static async Task<string?> FindFaultAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetRequiredService<ISchema>().CheckAsync(cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            Log.DatabaseAway(services.GetRequiredService<ILogger<ISchema>>(), exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1010, Level = LogLevel.Warning,
            Message = "The database can't be reached; its schema stays unchecked. Tasks are taken, reads answer 503.")]
        public static partial void DatabaseAway(ILogger logger, Exception exception);
    }
}
