namespace Broker.Contracts;

/// <summary>Bounds of everything a user hands in. Beyond a bound the API answers 422, or 413 for sizes.</summary>
public static class Limits
{
    /// <summary>Characters of a task type.</summary>
    public const int TypeLength = 128;

    /// <summary>Bytes of a payload or a result as JSON text.</summary>
    public const int PayloadBytes = 256 * 1024;

    /// <summary>Levels of arrays and objects in a payload or a result. With what is put around it on its way it stays
    /// below 64, where most JSON readers give up.</summary>
    public const int PayloadDepth = 56;

    /// <summary>Bytes of an error message in UTF-8; a longer one is cut.</summary>
    public const int ErrorBytes = 16 * 1024;

    /// <summary>Pairs in labels or requires.</summary>
    public const int LabelCount = 16;

    /// <summary>Characters of a label's key or value.</summary>
    public const int LabelLength = 128;

    /// <summary>Types one worker may list.</summary>
    public const int WorkerTypeCount = 256;

    /// <summary>Slots of a worker and cost of a task: 1 to this.</summary>
    public const int Slots = 1_000;

    /// <summary>Attempts that may fail: 1 to this.</summary>
    public const int MaxAttempts = 100;

    /// <summary>Lowest and highest priority; higher goes first.</summary>
    public const int HighestPriority = 9;

    /// <summary>Priority of a task that names none.</summary>
    public const int DefaultPriority = 4;

    /// <summary>Items of a batch and ids of a wait.</summary>
    public const int BatchCount = 1_000;

    /// <summary>Bytes of a batch request.</summary>
    public const int BatchBytes = 16 * 1024 * 1024;

    /// <summary>Characters of an idempotency key.</summary>
    public const int KeyLength = 255;

    /// <summary>Characters of a reason a person gives.</summary>
    public const int ReasonLength = 1_024;

    /// <summary>Items of a page.</summary>
    public const int PageCount = 500;

    /// <summary>Bytes of tasks gathered into one <see cref="TaskSubmitted"/>.</summary>
    public const int SubmissionBytes = 1024 * 1024;

    /// <summary>Offers of one message to a worker: 1 to this.</summary>
    public const int MaxBatch = 1_000;

    /// <summary>Shortest time an attempt may be given.</summary>
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Longest time an attempt may be given.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(7);

    /// <summary>Longest time a request may wait for tasks to finish.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
}
