using Microsoft.Extensions.Logging;

namespace PartsWorker.Inference;

internal static partial class InferenceLog
{
    [LoggerMessage(
        3001,
        LogLevel.Information,
        "Loaded model {Model} on {Device} in {Precision} ({Reason}) in {LoadMs} ms, warmed up in {WarmUpMs} ms; "
            + "up to {MaxBatch} images per batch")]
    public static partial void ModelLoaded(
        this ILogger logger, string model, string device, string precision, string reason, long loadMs, long warmUpMs, int maxBatch);

    [LoggerMessage(3002, LogLevel.Warning, "CUDA is not available; running the model on the CPU: {Reason}")]
    public static partial void FellBackToCpu(this ILogger logger, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "Loading model {Model} in fp32, because the chosen precision failed: {Reason}")]
    public static partial void FellBackToFp32(this ILogger logger, string model, string reason);
}
