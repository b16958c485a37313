using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PartsWorker.Configuration;
using PartsWorker.FailureRows;
using PartsWorker.Intake;
using PartsWorker.Observability;

namespace PartsWorker.Pipeline;

internal static class PipelineServices
{
    // A single failing camera host is a problem of its parts; this many failures in a row are a problem of the storage.
    private const int StorageThreshold = 5;

    /// <summary>Section <c>Pipeline</c> and the one hosted service of the data path.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services) => services
        .AddSection<PipelineOptions>(PipelineOptions.Section)
        .AddSingleton(provider => Create<PartLoader>(provider, Create<Dependency>(provider, "image storage", StorageThreshold)))
        .AddSingleton(provider => Create<PartStore>(provider, WorkerName(), Create<Dependency>(provider, WorkerState.Database, 1)))
        .AddSingleton(provider => Create<PartEvents>(provider, Create<Dependency>(provider, "result exchange", 1)))
        .AddSingleton(provider => Create<FailureTable>(provider, provider.GetRequiredService<RabbitOptions>().Prefix))
        .AddSingleton<IFailureRows>(provider =>
            Create<PartFailureRows>(provider, WorkerName(), Create<Dependency>(provider, "rows of failed messages", 1)))
        .AddSingleton<QueueDepthTable>()
        .AddHostedService(provider => Create<MinuteReport>(provider, Record(provider.GetRequiredService<QueueDepthTable>())))
        .AddSingleton<PartsPipeline>()
        .AddSingleton<PipelineService>()
        .AddSingleton<IHostedService>(provider => provider.GetRequiredService<PipelineService>())
        .AddOptions<HostOptions>()
        .Configure<PipelineOptions>((host, pipeline) => host.ShutdownTimeout = pipeline.ShutdownTimeout)
        .Services;

    private static Func<IReadOnlyList<QueueDepth>, CancellationToken, Task> Record(QueueDepthTable table) => (depths, cancellation) =>
        table.WriteAsync([.. depths.Select(depth => (depth.Queue, depth.Messages, depth.Consumers))], WorkerName(), cancellation);

    private static T Create<T>(IServiceProvider provider, params object[] ownArguments) =>
        ActivatorUtilities.CreateInstance<T>(provider, ownArguments);

    private static string WorkerName() => $"{Environment.MachineName}:{Environment.ProcessId}";
}
