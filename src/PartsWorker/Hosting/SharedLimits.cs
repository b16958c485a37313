using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Configuration;
using PartsWorker.Inference;
using PartsWorker.Pipeline;
using PartsWorker.References;

namespace PartsWorker.Hosting;

/// <summary>Two limits that libraries need as well have one key each: <c>Pipeline:MaxBatch</c> and <c>Images:MaxBytes</c>.</summary>
internal static class SharedLimits
{
    public static IServiceCollection AddSharedLimits(this IServiceCollection services)
    {
        services.AddSection<PipelineOptions>(PipelineOptions.Section).AddSection<ImageOptions>(ImageOptions.Section);
        services.AddOptions<InferenceOptions>().Configure<PipelineOptions>((inference, pipeline) => inference.MaxBatch = pipeline.MaxBatch);
        services.AddOptions<DecodeLimits>().Configure<ImageOptions>((limits, images) => limits.MaxBytes = images.MaxBytes);
        return services;
    }

    /// <summary>Section <c>Inference</c> for a command without a host.</summary>
    public static InferenceOptions Inference(IConfiguration configuration)
    {
        var options = CommandOptions.Read<InferenceOptions>(configuration, InferenceOptions.Section);
        options.MaxBatch = CommandOptions.Read<PipelineOptions>(configuration, PipelineOptions.Section).MaxBatch;
        return options;
    }

    /// <summary>Section <c>Decode</c> for a command without a host.</summary>
    public static DecodeLimits Decoding(IConfiguration configuration)
    {
        var limits = CommandOptions.Read<DecodeLimits>(configuration, "Decode");
        limits.MaxBytes = CommandOptions.Read<ImageOptions>(configuration, ImageOptions.Section).MaxBytes;
        return limits;
    }
}
