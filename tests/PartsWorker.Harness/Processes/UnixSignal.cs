namespace PartsWorker.Harness.Processes;

/// <summary>The signals that are sent to child processes, by their Linux numbers.</summary>
internal enum UnixSignal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
