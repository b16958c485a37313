using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PartsWorker.Intake;

namespace PartsWorker.Pipeline;

/// <summary>The one hosted service: owns the pipeline's loops from the first message to the last acknowledgement.</summary>
internal sealed class PipelineService(
    PartsPipeline pipeline, IIntake intake, PipelineOptions options, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<PipelineService> log) : BackgroundService
{
    /// <summary>
    /// Set when the pipeline failed; the command turns it into the exit code, because the host by itself would exit with 0.
    /// </summary>
    public Exception? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var abort = new CancellationTokenSource();
        await using var deadline = stopping.Register(() =>
        {
            log.Stopping(options.ShutdownTimeout);
            abort.CancelAfter(options.ShutdownTimeout * 0.75);
        });
        try
        {
            await pipeline.RunAsync(stopping, abort.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The shutdown time is over: parts that are not stored stay unacknowledged and are delivered again.
        }
        catch (Exception error)
        {
            Failure = error;
            log.Failed(error.Message, error);
            lifetime.StopApplication();
        }

        await CloseIntakeAsync();
        log.Stopped();
    }

    private async Task CloseIntakeAsync()
    {
        using var limit = new CancellationTokenSource(options.ShutdownTimeout * 0.2, time);
        await intake.CloseAsync(limit.Token);
    }
}
