namespace PartsWorker;

/// <summary>
/// An error that the user can fix: printed as one line, never with a stack trace. Exit code 2 = usage or configuration, 1 = failed.
/// </summary>
internal sealed class UserErrorException(string message, int exitCode = 2, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
