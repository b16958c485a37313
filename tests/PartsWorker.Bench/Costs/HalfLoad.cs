using Microsoft.Extensions.Configuration;
using PartsWorker.Bench.Measured;
using PartsWorker.Client;

namespace PartsWorker.Bench.Costs;

/// <summary>
/// A worker at half of its capacity: latency, and what each side pays per image when batches are small. What broker and database use
/// without messages is subtracted.
/// </summary>
internal sealed class HalfLoad(
    CostPlan plan, IConfiguration configuration, IReadOnlyList<string> files, ServiceProcesses services, TimeProvider time)
{
    /// <summary>Cores that broker and database use while nothing happens.</summary>
    public async Task<(double Broker, double Database)> IdleAsync(CancellationToken cancellation)
    {
        var length = plan.Window * 2;
        var before = services.Read();
        await Task.Delay(length, cancellation);
        var used = services.Read() - before;
        return (used.Broker / length, used.Database / length);
    }

    public async Task<HalfLoadCost> MeasureAsync(
        string name, CostedModel? model, ModelCosts models, double capacity, (double Broker, double Database) idle,
        CancellationToken cancellation)
    {
        plan.Report($"{name} at half of {capacity:0} images/s");
        await using var world = await BenchWorld.CreateAsync(configuration, cancellation);
        await using var publisher = await PartsPublisher.ConnectAsync(world.Rabbit.Publisher("bench"), cancellation);
        var feeder = BenchReferences.OpenFeeder(publisher, files, time);
        var subjects = models.Subjects(model ?? models.Models[0], files, world);
        await using var child = model is null
            ? await subjects.NoneAsync(cancellation)
            : await subjects.WorkerAsync(model.Folder, cancellation);
        // The first seconds compile the program.
        var pacing = feeder.PaceAsync(capacity / 2, plan.Run * 2, cancellation);
        await Task.Delay(plan.Run, cancellation);
        var from = await child.MarkAsync(cancellation, takeLatencies: true);
        var (before, started) = (services.Read(), time.GetTimestamp());
        await pacing;
        await child.StoredAsync(feeder.Published, cancellation);
        var (used, elapsed) = (services.Read() - before, time.GetElapsedTime(started));
        var to = await child.MarkAsync(cancellation, takeLatencies: true);
        var latency = to.Latency ?? throw new BenchException($"{name}: no row was stored at half load");
        double images = to.Stored - from.Stored;
        return new(
            name,
            capacity / 2,
            (to.CpuMs - from.CpuMs) / images,
            Math.Max(0, (used.Broker - (elapsed * idle.Broker)).TotalMilliseconds) / images,
            Math.Max(0, (used.Database - (elapsed * idle.Database)).TotalMilliseconds) / images,
            latency.P50Ms,
            latency.P95Ms,
            latency.P99Ms);
    }
}
