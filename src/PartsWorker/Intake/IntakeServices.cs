using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.FailureRows;
using PartsWorker.Observability;

namespace PartsWorker.Intake;

internal static class IntakeServices
{
    /// <summary>Section <c>Rabbit</c>, the supervised consumer and the router of failed messages, each with its own connection.</summary>
    /// <param name="services">Where they are added.</param>
    /// <param name="prefetch">Messages one lane may have outstanding, 1 to 65535.</param>
    public static IServiceCollection AddIntake(this IServiceCollection services, Func<IServiceProvider, ushort> prefetch) => services
        .AddSection<RabbitOptions>(RabbitOptions.Section)
        .AddSingleton(provider => new PartsTopology(provider.GetRequiredService<RabbitOptions>().Prefix))
        .AddSingleton(provider => new RabbitIntake(
            CreateLane(provider, Lane.Live, prefetch(provider)),
            CreateLane(provider, Lane.Reprocess, prefetch(provider))))
        .AddSingleton<IIntake>(provider => provider.GetRequiredService<RabbitIntake>())
        .AddSingleton<IQueueDepths>(provider => provider.GetRequiredService<RabbitIntake>())
        .AddSingleton<IFailureRouter>(provider => new RabbitFailureRouter(
            Factory(provider, "partsworker failures"),
            provider.GetRequiredService<PartsTopology>(),
            provider.GetRequiredService<RabbitOptions>(),
            provider.GetRequiredService<IFailureRows>(),
            provider.GetRequiredService<PipelineMetrics>(),
            provider.GetRequiredService<WorkerState>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RabbitFailureRouter>>()));

    private static LaneIntake CreateLane(IServiceProvider provider, Lane lane, ushort prefetch) => new(
        Factory(provider, $"partsworker intake {PartsTopology.NameOf(lane)}"),
        provider.GetRequiredService<PartsTopology>(),
        provider.GetRequiredService<RabbitOptions>(),
        prefetch,
        lane,
        provider.GetRequiredService<WorkerState>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<RabbitIntake>>());

    private static RabbitMQ.Client.ConnectionFactory Factory(IServiceProvider provider, string name) =>
        RabbitConnections.Factory(
            provider.GetRequiredService<IConfiguration>().GetConnectionString("RabbitMq"),
            provider.GetRequiredService<RabbitOptions>().Connection,
            name);
}
