using System.Threading.Channels;
using PartsWorker.Client;
using PartsWorker.Database;
using PartsWorker.Failures;
using PartsWorker.Intake;
using PartsWorker.Results;

namespace PartsWorker.Bench.Measured;

/// <summary>Endless deliveries from memory. With <see cref="NoSink"/>, it measures the pipeline without broker and database.</summary>
internal sealed class MemoryIntake(IReadOnlyList<string> images, TimeProvider time) : IIntake, IAcknowledger
{
    private const int Bodies = 1024;

    public bool IsLost => false;

    public async Task ReceiveAsync(ChannelWriter<Delivery> live, ChannelWriter<Delivery> reprocess, CancellationToken stopping)
    {
        var bodies = Enumerable.Range(0, Bodies)
            .Select(i => BenchReferences.Create(images[i % images.Count], time.GetUtcNow()))
            .Select(ImageReferenceCodec.Encode)
            .ToArray();
        try
        {
            for (ulong tag = 1; ; tag++)
            {
                await live.WriteAsync(new Delivery(this, tag, Lane.Live, bodies[tag % Bodies]) { ReceivedAt = time.GetUtcNow() }, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping ends the run.
        }
    }

    public void Settled(ulong tag)
    {
        // Memory needs no acknowledgement.
    }

    public Task CloseAsync(CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Accepts every row and stores none.</summary>
internal sealed class NoSink : IResultSink, IDatabaseProbe
{
    public Task ProbeAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<RowFailure>> WriteAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RowFailure>>([]);
}

/// <summary>Ends the measurement at the first failed image: its figures would be wrong.</summary>
internal sealed class NoFailures : IFailureRouter
{
    public Task RouteAsync(Delivery delivery, PipelineStage stage, PartFailureException failure, CancellationToken abort) =>
        throw new InvalidOperationException($"an image of the bench failed in {stage}: {failure.Message}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
