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
    private const string Notes = """
        Example:
          partsworker run --Model:Bundle=models/real-parts/2.7.0 --Images:Roots:0=/srv/cameras

        Settings, most used (all of them: README, Configuration):
          ConnectionStrings:RabbitMq   amqp://user:password@host:5672/vhost
          ConnectionStrings:Postgres   Host=...;Database=...;Username=...;Password=...
          Model:Bundle                 bundle that serves until a model is activated in the database
          Images:Roots:0               folder that file:/// references may point into; Images:Roots:1 and so on for more
          Inference:Device             auto, cpu or cuda
        Write a setting on the command line as --Model:Bundle=value, in the environment as Model__Bundle=value, or in appsettings.json.
        """;

    public static Command Create(Settings settings)
    {
        var command = new DocumentedCommand(
            "run", "Run the worker: classify images from RabbitMQ and write the results to PostgreSQL, until SIGTERM or Ctrl-C.", Notes);
        command.SetAction((_, cancellation) => RunAsync(settings, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, CancellationToken cancellation)
    {
        // The library handles SIGTERM only once it has this task; without a yield, a signal while the model loads would end with 143.
        await Task.Yield();
        using var telemetry = Telemetry.Start("partsworker");
        using var host = await StartAsync(settings, cancellation);
        if (host is null)
        {
            return 0;
        }

        await host.WaitForShutdownAsync(cancellation);
        return host.Services.GetRequiredService<PipelineService>().Failure is null ? 0 : 1;
    }

    /// <returns>Null when it was stopped before the start was complete.</returns>
    private static async Task<IHost?> StartAsync(Settings settings, CancellationToken cancellation)
    {
        try
        {
            var host = WorkerHost.Create(settings.Load());
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            // Building the pipeline reads the connection strings, so that a typo is reported before the model takes seconds to load.
            host.Services.GetRequiredService<PartsPipeline>();
            // Started here, because the host would log a stack trace before the one line that a taken port deserves; and before the model,
            // so that probes are answered while it loads.
            await host.Services.GetRequiredService<HealthServer>().StartAsync(cancellation);
            await host.Services.GetRequiredService<ModelRack>().StartAsync(cancellation);
            await host.StartAsync(cancellation);
            return host;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // A connection that is cancelled while it is opened may fail with an error of its own.
            return null;
        }
        catch (Exception error) when (StartErrors.Explain(error) is { } line)
        {
            throw new UserErrorException(line, inner: error);
        }
    }
}
