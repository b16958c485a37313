using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PartsWorker.Configuration;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.References;
using PartsWorker.Results;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

internal static class PipelineServices
{
    // One camera host in trouble is its parts' trouble; this many failures in a row are the storage's.
    private const int StorageThreshold = 5;

    /// <summary>Section <c>Pipeline</c> and the one hosted service of the data path.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services) => services
        .AddSection<PipelineOptions>(PipelineOptions.Section)
        .AddSingleton(provider => new PartLoader(
            provider.GetRequiredService<ImageFetcher>(),
            provider.GetRequiredService<IModelSource>(),
            provider.GetRequiredService<IFailureRouter>(),
            new Circuit("image storage", StorageThreshold, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<WorkerState>(),
            provider.GetRequiredService<PipelineMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PartLoader>>()))
        .AddSingleton(provider => new PartStore(
            provider.GetRequiredService<IResultSink>(),
            WorkerName(),
            new Circuit(WorkerState.Database, 1, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<WorkerState>(),
            provider.GetRequiredService<ILogger<PartStore>>()))
        .AddSingleton<PartsPipeline>()
        .AddSingleton<PipelineService>()
        .AddSingleton<IHostedService>(provider => provider.GetRequiredService<PipelineService>())
        .AddOptions<HostOptions>()
        .Configure<PipelineOptions>((host, pipeline) => host.ShutdownTimeout = pipeline.ShutdownTimeout)
        .Services;

    private static string WorkerName() => $"{Environment.MachineName}:{Environment.ProcessId}";
}
