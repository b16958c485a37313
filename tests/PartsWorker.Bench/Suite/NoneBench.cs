using PartsWorker.Bench.Ceilings;
using PartsWorker.Harness.Feeding;

namespace PartsWorker.Bench.Suite;

/// <summary>The worker without a model, in turn with what broker and database do for a client that does nothing else.</summary>
internal sealed class NoneBench(BenchPlan plan, Subjects subjects, ServiceCeilings services, ReferenceFeeder feeder)
{
    private const int Messages = 50_000;
    private const int Rounds = 3;

    public async Task<NoneFigures> RunAsync(CancellationToken cancellation)
    {
        plan.Say("none: consume and upsert ceilings");
        var (published, consumed, stored) = (new List<double>(), new List<Rate>(), new List<Rate>());
        for (var round = 0; round < Rounds; round++)
        {
            published.Add(await feeder.FillAsync(Messages, cancellation));
            consumed.Add(await services.ConsumeAsync(Messages, cancellation));
            stored.Add(await services.UpsertAsync(plan.Window, cancellation));
        }

        feeder.Restart();
        var (consume, upsert) = (Rate.Median(consumed), Rate.Median(stored));
        plan.Say("none: whole worker");
        await using var child = await subjects.NoneAsync(cancellation);

        // Consuming and storing at once, it will not do more than half of either alone: SubjectRun provides for half as much again.
        var run = new SubjectRun(child, plan, feeder, Math.Min(consume.ImagesPerSecond, upsert.ImagesPerSecond) / 2);

        // In turn with the worker, because a table that has grown takes rows more slowly than an empty one; a queue does not mind.
        var worker = await run.RunAsync(
            async length => Math.Min(consume.ImagesPerSecond, (await services.UpsertAsync(length, cancellation)).ImagesPerSecond), cancellation);
        return new(consume, upsert, Rate.Median(published), worker);
    }
}
