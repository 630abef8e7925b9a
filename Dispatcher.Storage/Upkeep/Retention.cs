namespace Broker.Storage;

/// <summary>How long finished tasks are kept, by the day of their id.</summary>
/// <param name="SucceededDays">Rows of succeeded tasks; at least 1.</param>
/// <param name="OtherDays">Dead and canceled tasks, all payloads, results and events; at least <paramref name="SucceededDays"/>.</param>
public sealed record Retention(int SucceededDays = 7, int OtherDays = 30);
