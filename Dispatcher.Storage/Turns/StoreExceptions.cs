namespace Broker.Storage;

/// <summary>Another leader has taken over; what this one holds in memory is worthless.</summary>
public sealed class StaleEpochException(string message) : Exception(message);

/// <summary>The transaction was rolled back because a value can't be stored.</summary>
public sealed class ValueRefusedException(string message, Exception inner) : Exception(message, inner);

/// <summary>The database did not answer a commit; it may have happened.</summary>
public sealed class CommitUnknownException(string message, Exception inner) : Exception(message, inner);

/// <summary>The database can't be reached, or refused for its own trouble; nothing was written.</summary>
public class StoreUnavailableException(string message, Exception? inner) : Exception(message, inner);

/// <summary>The database's file is damaged. No patience mends it: restore a backup.</summary>
public sealed class StoreDamagedException(string message) : StoreUnavailableException(message, null);
