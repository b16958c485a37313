using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Configuration;
using PartsWorker.Inference;
using PartsWorker.Pipeline;
using PartsWorker.References;

namespace PartsWorker.Commands;

/// <summary>Two limits that libraries need too have one key each: <c>Pipeline:MaxBatch</c> and <c>Images:MaxBytes</c>.</summary>
internal static class SharedLimits
{
    public static IServiceCollection AddSharedLimits(this IServiceCollection services)
    {
        services.AddSection<PipelineOptions>(PipelineOptions.Section).AddSection<ImageOptions>(ImageOptions.Section);
        services.AddOptions<InferenceOptions>().Configure<PipelineOptions>((inference, pipeline) => inference.MaxBatch = pipeline.MaxBatch);
        services.AddOptions<DecodeLimits>().Configure<ImageOptions>((limits, images) => limits.MaxBytes = images.MaxBytes);
        return services;
    }
}
