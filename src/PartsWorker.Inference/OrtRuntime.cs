using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>
/// The ONNX Runtime environment, one per process. It must exist before the first session does, or its settings are not taken.
/// </summary>
public static partial class OrtRuntime
{
    private static readonly Lock Gate = new();

    /// <summary>
    /// Creates the environment unless there is one. Only errors reach stderr, because what matters reaches our own log, and ONNX Runtime
    /// sends nothing to its maker: since 1.31 its Linux library uploads usage data unless it is told not to.
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

    // The environment sends its first event while it is created. Native code does not see what .NET sets in the environment on Linux.
    private static void ForbidTelemetry()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = setenv("ORT_DISABLE_TELEMETRY", "1", 1);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

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
