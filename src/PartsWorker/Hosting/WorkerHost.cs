using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.Results;
using PartsWorker.Serving;

namespace PartsWorker.Hosting;

/// <summary>Composes the services of all rooms into the worker.</summary>
internal static class WorkerHost
{
    /// <param name="configuration">All sections.</param>
    /// <param name="change">Changes the services last, for a bench that replaces the intake and the results.</param>
    public static IHost Create(IConfiguration configuration, Action<IServiceCollection>? change = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddConfiguration(configuration);
        // Under systemd: sends READY=1 once every service has started, and STOPPING=1. It comes before the console, so that Logging:Format
        // decides how lines look there too.
        builder.Services.AddSystemd();
        builder.Logging.AddConfiguration(configuration.GetSection("Logging")).AddWorkerConsole(configuration);
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddObservability()
            .AddIntake(provider => (ushort)provider.GetRequiredService<PipelineOptions>().PrefetchOrDefault)
            .AddImages()
            .AddModels()
            .AddResults()
            .AddPipeline()
            .AddSharedLimits();
        change?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <summary>The console of programs that run for long, as Logging:Format wants it.</summary>
    public static ILoggingBuilder AddWorkerConsole(this ILoggingBuilder logging, IConfiguration configuration) =>
        string.Equals(configuration["Logging:Format"], "json", StringComparison.OrdinalIgnoreCase)
            ? logging.AddJsonConsole(o => o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ")
            : logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.UseUtcTimestamp) = (true, "HH:mm:ss.fff ", true));
}
