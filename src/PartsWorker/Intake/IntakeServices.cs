using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Commands;
using PartsWorker.Observability;
using PartsWorker.Pipeline;

namespace PartsWorker.Intake;

internal static class IntakeServices
{
    /// <summary>Section <c>Rabbit</c>, the supervised consumer and the router of failed messages, each with a connection of its own.</summary>
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSection<IntakeOptions>("Rabbit", strict: false)
        .AddSection<RabbitConnectionOptions>("Rabbit", strict: false)
        .AddSingleton(provider => new PartsTopology(provider.GetRequiredService<IntakeOptions>().Prefix))
        .AddSingleton<IIntake>(provider => new RabbitIntake(
            Factory(provider, "partsworker intake"),
            provider.GetRequiredService<PartsTopology>(),
            provider.GetRequiredService<IntakeOptions>(),
            (ushort)provider.GetRequiredService<PipelineOptions>().PrefetchOrDefault,
            provider.GetRequiredService<WorkerState>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RabbitIntake>>()))
        .AddSingleton<IFailureRouter>(provider => new RabbitFailureRouter(
            Factory(provider, "partsworker failures"),
            provider.GetRequiredService<PartsTopology>(),
            provider.GetRequiredService<IntakeOptions>(),
            provider.GetRequiredService<PipelineMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RabbitFailureRouter>>()));

    private static RabbitMQ.Client.ConnectionFactory Factory(IServiceProvider provider, string name) =>
        RabbitConnections.Factory(
            provider.GetRequiredService<IConfiguration>().GetConnectionString("RabbitMq"),
            provider.GetRequiredService<RabbitConnectionOptions>(),
            name);
}
