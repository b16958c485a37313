using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Observability;
using PartsWorker.Pipeline;

namespace PartsWorker.Intake;

internal static class IntakeServices
{
    /// <summary>Section <c>Rabbit</c>, the supervised consumer and the router of failed messages, each with a connection of its own.</summary>
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSection<RabbitOptions>(RabbitOptions.Section)
        .AddSingleton(provider => new PartsTopology(provider.GetRequiredService<RabbitOptions>().Prefix))
        .AddSingleton<IIntake>(provider => new RabbitIntake(CreateLane(provider, Lane.Live), CreateLane(provider, Lane.Reprocess)))
        .AddSingleton<IFailureRouter>(provider => new RabbitFailureRouter(
            Factory(provider, "partsworker failures"),
            provider.GetRequiredService<PartsTopology>(),
            provider.GetRequiredService<RabbitOptions>(),
            provider.GetRequiredService<PipelineMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RabbitFailureRouter>>()));

    private static LaneIntake CreateLane(IServiceProvider provider, Lane lane) => new(
        Factory(provider, $"partsworker intake {PartsTopology.NameOf(lane)}"),
        provider.GetRequiredService<PartsTopology>(),
        provider.GetRequiredService<RabbitOptions>(),
        (ushort)provider.GetRequiredService<PipelineOptions>().PrefetchOrDefault,
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
