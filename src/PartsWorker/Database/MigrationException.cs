namespace PartsWorker.Database;

/// <summary>The database cannot be migrated; the message is one line with the way out.</summary>
internal sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
