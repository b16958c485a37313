namespace PartsWorker.Client;

/// <summary>
/// RabbitMQ cannot be reached or the settings for it are wrong. The message is one line for a person and never holds a password.
/// </summary>
/// <param name="message">What is wrong and what to check.</param>
/// <param name="isSettings">True when waiting cannot help.</param>
/// <param name="inner">What caused it.</param>
public sealed class RabbitConnectionException(string message, bool isSettings = false, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when waiting cannot help: the connection string, the certificate file or the like is wrong.</summary>
    public bool IsSettings { get; } = isSettings;

    /// <summary>True when a queue or exchange exists with other arguments.</summary>
    internal bool IsConflict { get; init; }
}
