using Microsoft.Extensions.Configuration;
using PartsWorker.Bench.Measured;
using PartsWorker.Bench.Watch;

namespace PartsWorker.Bench.Costs;

/// <summary>Drains full queues with whole workers. Each run has its own queues and its own database.</summary>
internal sealed class WorkerCosts(
    CostPlan plan, IConfiguration configuration, PictureCosts pictures, ModelCosts models, ServiceProcesses services, TimeProvider time)
{
    public List<BacklogCost> Backlogs { get; } = [];

    /// <summary>Queues without a model: one worker for each length, and more workers for the largest.</summary>
    public async Task<(IReadOnlyList<WorkerCost> Costs, WatchReport One)> NoneAsync(CancellationToken cancellation)
    {
        var costs = new List<WorkerCost>();
        WatchReport? one = null;
        var runs = plan.Backlogs.Select(length => (length, 1)).Concat(plan.Workers.Skip(1).Select(count => (plan.Backlogs[^1], count)));
        foreach (var (length, count) in runs)
        {
            plan.Report($"{length} messages without a model, {count} workers");
            var report = await DrainAsync(null, plan.Sizes[0].Name, length, count, cancellation);
            one = count == 1 ? report : one;
            if (length == plan.Backlogs[^1])
            {
                costs.Add(Cost(CostPlan.NoModel, count, report));
            }
        }

        return (costs, one!);
    }

    /// <summary>A model on the smallest pictures with each number of workers.</summary>
    /// <param name="model">Its name in the table.</param>
    /// <param name="expected">Images per second of one worker.</param>
    /// <param name="cancellation">Ends the run.</param>
    public async Task<IReadOnlyList<WorkerCost>> ModelAsync(CostedModel model, double expected, CancellationToken cancellation)
    {
        var costs = new List<WorkerCost>();
        foreach (var count in plan.Workers)
        {
            plan.Report($"{model.Name}, {count} workers");
            costs.Add(Cost(
                model.Name, count, await DrainAsync(model, plan.Sizes[0].Name, Messages(expected), count, cancellation)));
        }

        return costs;
    }

    /// <summary>One point of the comparison with the prediction.</summary>
    public Task<WatchReport> PointAsync(CostedModel model, string size, int workers, double expected, CancellationToken cancellation) =>
        DrainAsync(model, size, Messages(expected), workers, cancellation);

    private long Messages(double perSecond) => Math.Max(100, (long)(perSecond * plan.Run.TotalSeconds));

    private static WorkerCost Cost(string model, int workers, WatchReport report) => new(
        model, workers, report.Steady.ImagesPerSecond, report.Steady.WorkerCpuMs, report.Steady.BrokerCpuMs,
        report.Steady.DatabaseCpuMs, report.PeakMb, report.Steady.OtherCores);

    private async Task<WatchReport> DrainAsync(
        CostedModel? model, string size, long messages, int workers, CancellationToken cancellation)
    {
        await using var world = await BenchWorld.CreateAsync(configuration, cancellation);
        var files = pictures.Files[size];
        var before = services.BrokerFileBytes;
        var (memory, disk) = (0.0, 0L);
        var watch = new WatchPlan
        {
            Bundle = model?.Folder,
            FillFirst = true,
            Messages = messages,
            Workers = workers,
            Images = files,
            Services = services,
            Filled = () => (memory, disk) = (services.BrokerMb, services.BrokerFileBytes - before),
        };
        var subjects = models.Subjects(model ?? models.Models[0], files, world);
        var report = await new WatchRun(watch, world, subjects, time).RunAsync(cancellation);
        if (!report.IsComplete)
        {
            throw new BenchException($"{report.Rows} rows of {report.DifferentImages} images for {messages} messages: nothing is written");
        }

        if (model is null && workers == 1)
        {
            Backlogs.Add(new(messages, report.PublishedPerSecond, memory, (double)disk / messages));
        }

        return report;
    }
}
