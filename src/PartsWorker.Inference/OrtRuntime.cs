using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>
/// The ONNX Runtime environment, one per process. It must exist before the first session does, or its settings are not taken.
/// </summary>
public static class OrtRuntime
{
    private static readonly Lock Gate = new();

    /// <summary>Creates the environment unless there is one: only errors reach stderr, because what matters reaches our own log.</summary>
    public static void EnsureStarted()
    {
        lock (Gate)
        {
            if (!OrtEnv.IsCreated)
            {
                var options = new EnvironmentCreationOptions { logId = "partsworker", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
                OrtEnv.CreateInstanceWithOptions(ref options);
            }
        }
    }

    /// <summary>What went wrong, without the functions and folders that ONNX Runtime puts in front of it.</summary>
    internal static string Reason(Exception error)
    {
        var line = error.Message.Split('\n', 2)[0].Trim();
        foreach (var mark in new[] { " : FAIL : ", " with error: " })
        {
            var at = line.LastIndexOf(mark, StringComparison.Ordinal);
            line = at < 0 ? line : line[(at + mark.Length)..];
        }

        return line.StartsWith('/') ? line[(line.LastIndexOf('/') + 1)..] : line;
    }
}
