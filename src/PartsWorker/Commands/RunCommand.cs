using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.Serving;

namespace PartsWorker.Commands;

/// <summary><c>partsworker run</c>: the worker itself.</summary>
internal static class RunCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command(
            "run",
            """
            Takes image references from RabbitMQ, classifies them in batches and writes the verdicts to PostgreSQL, until SIGTERM.

            Example: partsworker run --Model:Bundle=models/real-parts/1.0.0 --Images:Roots:0=/srv/cameras
            """);
        command.SetAction((_, cancellation) => RunAsync(settings, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, CancellationToken cancellation)
    {
        using var telemetry = Telemetry.Start("partsworker");
        using var host = await StartAsync(settings, cancellation);
        if (host is null)
        {
            return 0;
        }

        await host.WaitForShutdownAsync(cancellation);
        return host.Services.GetRequiredService<PipelineService>().Failure is null ? 0 : 1;
    }

    /// <returns>Null when told to stop before it had started.</returns>
    private static async Task<IHost?> StartAsync(Settings settings, CancellationToken cancellation)
    {
        try
        {
            var host = WorkerHost.Create(settings.Load());
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            // Building the pipeline reads the connection strings: a typo there is told before the model takes its seconds to load.
            host.Services.GetRequiredService<PartsPipeline>();
            // Started here, because the host would log a stack trace before the one line that a taken port deserves; and before the model,
            // so that probes are answered while it loads.
            await host.Services.GetRequiredService<HealthServer>().StartAsync(cancellation);
            await host.Services.GetRequiredService<ModelRack>().StartAsync(cancellation);
            await host.StartAsync(cancellation);
            return host;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error) when (StartErrors.Explain(error) is { } line)
        {
            throw new UserErrorException(line, inner: error);
        }
    }
}
