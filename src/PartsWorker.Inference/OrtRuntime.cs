using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>
/// The ONNX Runtime environment, one per process. Create it before the first session; otherwise its settings have no effect.
/// </summary>
public static class OrtRuntime
{
    private static readonly Lock Gate = new();

    /// <summary>
    /// Creates the environment if necessary. ONNX Runtime then writes only errors to stderr; the worker logs the rest. It also sends
    /// nothing to its vendor: since 1.31 its Linux library uploads usage data unless it is told not to.
    /// </summary>
    public static void EnsureStarted()
    {
        lock (Gate)
        {
            if (!OrtEnv.IsCreated)
            {
                NativeEnvironment.Prepare();
                var options = new EnvironmentCreationOptions { logId = "partsworker", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
                OrtEnv.CreateInstanceWithOptions(ref options).DisableTelemetryEvents();
            }
        }
    }

    /// <summary>The error message without the function names and paths that ONNX Runtime puts before it.</summary>
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
