using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>
/// The ONNX Runtime environment, one per process. Create it before the first session; otherwise its settings have no effect.
/// </summary>
public static partial class OrtRuntime
{
    private static readonly Lock Gate = new();

    /// <summary>
    /// Creates the environment if necessary. ONNX Runtime then writes only errors to stderr; the worker logs the rest. It also sends
    /// nothing
    /// to its vendor: since 1.31 its Linux library uploads usage data unless it is told not to.
    /// </summary>
    public static void EnsureStarted()
    {
        lock (Gate)
        {
            if (!OrtEnv.IsCreated)
            {
                ForbidTelemetry();
                var options = new EnvironmentCreationOptions { logId = "partsworker", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
                OrtEnv.CreateInstanceWithOptions(ref options).DisableTelemetryEvents();
            }
        }
    }

    // Set natively and first: the environment sends an event while it is created, and on Linux native code does not see variables that
    // .NET sets.
    private static void ForbidTelemetry()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = setenv("ORT_DISABLE_TELEMETRY", "1", 1);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

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
