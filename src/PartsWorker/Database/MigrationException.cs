namespace PartsWorker.Database;

/// <summary>The database cannot be migrated; the message is one line with the remedy.</summary>
internal sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
