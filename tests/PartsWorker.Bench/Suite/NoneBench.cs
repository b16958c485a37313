using PartsWorker.Bench.Ceilings;
using PartsWorker.Harness.Load;

namespace PartsWorker.Bench.Suite;

/// <summary>Measures the worker without a model, alternating with the rates of the services for a client that does nothing else.</summary>
internal sealed class NoneBench(BenchPlan plan, Subjects subjects, ServiceCeilings services, ReferenceFeeder feeder)
{
    private const int Messages = 50_000;
    private const int Rounds = 3;

    public async Task<NoneFigures> RunAsync(CancellationToken cancellation)
    {
        plan.Report("none: consume and upsert ceilings");
        var (published, consumed, stored) = (new List<double>(), new List<Rate>(), new List<Rate>());
        for (var round = 0; round < Rounds; round++)
        {
            published.Add(await feeder.FillAsync(Messages, cancellation));
            consumed.Add(await services.ConsumeAsync(Messages, cancellation));
            stored.Add(await services.UpsertAsync(plan.Window, cancellation));
        }

        feeder.Restart();
        var (consume, upsert) = (Rate.Median(consumed), Rate.Median(stored));
        plan.Report("none: whole worker");
        await using var child = await subjects.NoneAsync(cancellation);

        // It consumes and stores at the same time, so expect at most half of either rate; SubjectRun adds a reserve of 50 %.
        var run = new SubjectRun(child, plan, feeder, Math.Min(consume.ImagesPerSecond, upsert.ImagesPerSecond) / 2);

        // Measured alternating with the worker, because inserts get slower as the table grows; consuming does not depend on the queue.
        var worker = await run.RunAsync(
            async length => Math.Min(consume.ImagesPerSecond, (await services.UpsertAsync(length, cancellation)).ImagesPerSecond),
            cancellation);
        return new(consume, upsert, Rate.Median(published), worker);
    }
}
