using Microsoft.Extensions.Configuration;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Client;

namespace PartsWorker.Bench.Suite;

/// <summary>One run over all bundles, with temporary queues and a temporary database if broker and database are configured.</summary>
internal sealed class BenchSuite(BenchPlan plan, IConfiguration configuration, IReadOnlyList<string> overrides, TimeProvider time)
{
    public async Task<BenchReport> RunAsync(CancellationToken cancellation)
    {
        var report = new BenchReport { Machine = MachineFigures.Read() };
        await using var world = HasServices(configuration) ? await BenchWorld.CreateAsync(configuration, cancellation) : null;
        await using var publisher = world is null
            ? null
            : await PartsPublisher.ConnectAsync(world.Rabbit.Publisher("bench"), cancellation);
        if (world is null)
        {
            plan.Report("the whole worker is skipped, because no broker and no database are configured");
        }

        var subjects = new Subjects(plan.Images, world, overrides);
        foreach (var (name, folder) in plan.Bundles)
        {
            // One feeder per bundle: its worker must store exactly what the feeder published.
            var feeder = publisher is null ? null : BenchReferences.OpenFeeder(publisher, plan.Images, time);
            using var pair = new PairBench(name, folder, plan, subjects, feeder, time);
            report.Pairs[name] = await pair.RunAsync(cancellation);
        }

        if (plan.None && world is not null)
        {
            var services = new ServiceCeilings(world, plan.Images, time);
            var feeder = BenchReferences.OpenFeeder(publisher!, plan.Images, time);
            report.None = await new NoneBench(plan, subjects, services, feeder).RunAsync(cancellation);
        }

        report.Compare();
        return report;
    }

    public static bool HasServices(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration.GetConnectionString("RabbitMq"))
        && !string.IsNullOrWhiteSpace(configuration.GetConnectionString("Postgres"));
}
