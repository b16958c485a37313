namespace PartsWorker.Client;

/// <summary>The spool itself cannot be used. The message is one line that names the folder.</summary>
public sealed class SpoolException(string message, Exception? inner = null) : Exception(message, inner);
