using Microsoft.Extensions.Logging;

namespace PartsWorker.Inference;

internal static partial class InferenceLog
{
    [LoggerMessage(
        3001,
        LogLevel.Information,
        "Model {Model} runs on {Device}, up to {MaxBatch} images per batch; loaded in {LoadMs} ms, warmed up in {WarmUpMs} ms")]
    public static partial void Ready(this ILogger logger, string model, string device, int maxBatch, long loadMs, long warmUpMs);

    [LoggerMessage(3002, LogLevel.Warning, "CUDA does not work here, the model runs on the CPU: {Reason}")]
    public static partial void FellBackToCpu(this ILogger logger, string reason);
}
