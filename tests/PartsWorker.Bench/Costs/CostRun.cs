using Microsoft.Extensions.Configuration;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Measured;
using PartsWorker.Bench.Sizing;
using PartsWorker.Bench.Suite;
using PartsWorker.Bench.Watch;

namespace PartsWorker.Bench.Costs;

/// <summary>Measures a whole cost table: first what each step costs alone, then predictions of whole runs, then these runs.</summary>
internal sealed class CostRun(CostPlan plan, IConfiguration configuration, TimeProvider time)
{
    public async Task<CostTable> RunAsync(string? note, CancellationToken cancellation)
    {
        await using var world = await BenchWorld.CreateAsync(configuration, cancellation);
        var services = await ServiceProcesses.FindAsync(world.Source, cancellation);
        var pictures = new PictureCosts(plan, time);
        pictures.Draw(cancellation);
        var files = pictures.Files[plan.Sizes[0].Name];
        var half = new HalfLoad(plan, configuration, files, services, time);
        var idle = await half.IdleAsync(cancellation);
        var models = new ModelCosts(plan, pictures);
        var workers = new WorkerCosts(plan, configuration, pictures, models, services, time);
        var wire = new WireCosts(plan, world, files, time);
        var consume = await wire.ConsumeAsync(cancellation);
        var bytes = await wire.BrokerAsync(cancellation);
        var (none, one) = await workers.NoneAsync(cancellation);
        var table = new CostTable
        {
            Measured = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime),
            Machine = MachineFigures.Read(),
            Note = note,
            Quick = plan.Quick,
            Pictures = await pictures.MeasureAsync(cancellation),
            Models = await models.MeasureAsync(world, cancellation),
            Services = Services(one, idle, consume, bytes, await wire.StoreAsync(cancellation)),
            Workers = none,
            Loads = [await half.MeasureAsync(CostPlan.NoModel, null, models, one.Steady.ImagesPerSecond, idle, cancellation)],
            Backlogs = workers.Backlogs,
            Tables = await new TableCosts(plan, world, new ServiceCeilings(world, files, time), services).MeasureAsync(cancellation),
            Points = [],
        };
        return await PointsAsync(await LoadsAsync(table, half, models, idle, workers, cancellation), models, workers, cancellation);
    }

    private static ServiceCost Services(
        WatchReport one, (double Broker, double Database) idle, Rate consume, (double Publish, double Deliver) bytes, double store) => new()
    {
        WorkerCpuMs = one.Steady.WorkerCpuMs,
        PublishBrokerCpuMs = one.PublishBrokerCpuMs ?? 0,
        DeliverBrokerCpuMs = one.Steady.BrokerCpuMs,
        DatabaseCpuMs = one.Steady.DatabaseCpuMs,
        IdleBrokerCores = idle.Broker,
        IdleDatabaseCores = idle.Database,
        WorkerMb = one.PeakMb,
        PublishPerSecond = one.PublishedPerSecond,
        ConsumePerSecond = consume.ImagesPerSecond,
        PublishBytes = bytes.Publish,
        DeliverBytes = bytes.Deliver,
        StoreBytes = store,
    };

    // The cheapest and the dearest way of the last bundle: what most installations lie between.
    private async Task<CostTable> LoadsAsync(
        CostTable table, HalfLoad half, ModelCosts models, (double Broker, double Database) idle, WorkerCosts workers,
        CancellationToken cancellation)
    {
        var (cheap, usual) = (models.Models[0], models.Models[^1]);
        var many = await workers.ModelAsync(cheap, Predict(table, cheap.Name, plan.Sizes[0].Name), cancellation);
        var loads = table.Loads.ToList();
        loads.Add(await half.MeasureAsync(cheap.Name, cheap, models, many[0].ImagesPerSecond, idle, cancellation));
        if (!plan.Quick && usual != cheap)
        {
            var rate = Predict(table, usual.Name, plan.Sizes[0].Name);
            loads.Add(await half.MeasureAsync(usual.Name, usual, models, rate, idle, cancellation));
        }

        return table with { Workers = [.. table.Workers, .. many], Loads = loads };
    }

    private async Task<CostTable> PointsAsync(
        CostTable table, ModelCosts models, WorkerCosts workers, CancellationToken cancellation)
    {
        var (cheap, usual) = (models.Models[0], models.Models[^1]);
        (CostedModel Model, string Size, int Workers)[] wanted =
        [
            (cheap, plan.Sizes[1].Name, 1),
            .. plan.Quick ? [] : new[]
            {
                (cheap, plan.Sizes[^1].Name, 2),
                (usual, plan.Sizes[0].Name, 1),
                (usual, plan.Sizes[2].Name, 1),
                (models.Models[Math.Min(1, models.Models.Count - 1)], plan.Sizes[1].Name, 1),
            },
        ];
        var points = new List<PointCost>();
        // With only one model some of them are the same.
        foreach (var (model, size, count) in wanted.Distinct())
        {
            var (cpu, rate) = (ImageCost.WithFullQueue(table, model.Name, size).Worker, Predict(table, model.Name, size));
            plan.Report($"{model.Name} at {size}, {count} workers: predicted {rate:0.0} images/s, {cpu:0.00} CPU ms per image");
            var report = await workers.PointAsync(model, size, count, rate, cancellation);
            plan.Report($"measured {report.Steady.ImagesPerSecond:0.0} images/s, {report.Steady.WorkerCpuMs:0.00} CPU ms per image");
            points.Add(new(
                model.Name, size, count, cpu, report.Steady.WorkerCpuMs, rate, report.Steady.ImagesPerSecond, report.Steady.OtherCores));
        }

        return table with { Points = points };
    }

    // All cores of this machine are used, and shared with broker and database. A core is what the kernel counts as one, as in the table.
    private static double Predict(CostTable table, string model, string size)
    {
        var image = ImageCost.WithFullQueue(table, model, size);
        var cores = table.Machine.Cores - table.Services.IdleBrokerCores - table.Services.IdleDatabaseCores;
        return cores * 1000 / (image.Worker + image.Broker + image.Database);
    }
}
