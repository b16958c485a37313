using Microsoft.Extensions.Configuration;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Client;

namespace PartsWorker.Bench.Suite;

/// <summary>One run over all pairs, with a world of its own on broker and database where these are configured.</summary>
internal sealed class BenchSuite(BenchPlan plan, IConfiguration configuration, IReadOnlyList<string> overrides, TimeProvider time)
{
    public async Task<BenchReport> RunAsync(CancellationToken cancellation)
    {
        var report = new BenchReport { Machine = MachineFigures.Read() };
        await using var world = HasServices(configuration) ? await BenchWorld.CreateAsync(configuration, cancellation) : null;
        await using var publisher = world is null ? null : await PartsPublisher.ConnectAsync(world.Rabbit.Publisher("bench"), cancellation);
        if (world is null)
        {
            plan.Say("no broker and no database are configured: the pipeline is measured, the whole worker is not");
        }

        var subjects = new Subjects(plan.Images, world, overrides);
        foreach (var (name, folder) in plan.Bundles)
        {
            // A feeder for each: what it published is what its own worker has to store.
            using var pair = new PairBench(name, folder, plan, subjects, publisher is null ? null : BenchReferences.Feeder(publisher, plan.Images, time), time);
            report.Pairs[name] = await pair.RunAsync(cancellation);
        }

        if (plan.None && world is not null)
        {
            var services = new ServiceCeilings(world, plan.Images, time);
            report.None = await new NoneBench(plan, subjects, services, BenchReferences.Feeder(publisher!, plan.Images, time)).RunAsync(cancellation);
        }

        report.Compare();
        return report;
    }

    public static bool HasServices(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration.GetConnectionString("RabbitMq")) && !string.IsNullOrWhiteSpace(configuration.GetConnectionString("Postgres"));
}
