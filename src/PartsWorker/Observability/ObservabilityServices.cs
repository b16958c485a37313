using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Configuration;

namespace PartsWorker.Observability;

internal static class ObservabilityServices
{
    /// <summary>Section <c>Health</c>, the probes, the metrics and the state of the worker.</summary>
    public static IServiceCollection AddObservability(this IServiceCollection services) => services
        .AddSection<HealthOptions>(HealthOptions.Section)
        .AddSingleton<WorkerState>()
        .AddSingleton<PipelineMetrics>()
        .AddSingleton<HealthServer>()
        .AddHostedService(provider => provider.GetRequiredService<HealthServer>());
}
