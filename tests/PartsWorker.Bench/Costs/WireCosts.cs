using Npgsql;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Client;
using PartsWorker.Harness.Network;

namespace PartsWorker.Bench.Costs;

/// <summary>Counts the bytes that an image causes on the connections to broker and database, in both directions.</summary>
internal sealed class WireCosts(CostPlan plan, BenchWorld world, IReadOnlyList<string> files, TimeProvider time)
{
    private readonly ServiceCeilings _ceilings = new(world, files, time);

    /// <summary>Bytes per image: publishing with confirms, and consuming with grouped acknowledgements.</summary>
    public async Task<(double Publish, double Deliver)> BrokerAsync(CancellationToken cancellation)
    {
        plan.Report("bytes on the wire");
        await using var proxy = new Proxy(new Uri(world.Rabbit.ConnectionString).Port);
        var through = new UriBuilder(world.Rabbit.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.Uri.AbsoluteUri;
        var rabbit = world.Rabbit with { ConnectionString = through };
        await using (var publisher = await PartsPublisher.ConnectAsync(rabbit.Publisher("bench"), cancellation))
        {
            await BenchReferences.OpenFeeder(publisher, files, time).FillAsync(plan.ConsumedMessages, cancellation);
        }

        var published = proxy.Sent + proxy.Answered;
        await _ceilings.ConsumeAsync(rabbit, plan.ConsumedMessages, cancellation);
        return (published / (double)plan.ConsumedMessages, (proxy.Sent + proxy.Answered - published) / (double)plan.ConsumedMessages);
    }

    /// <summary>Bytes per row of the worker's statement.</summary>
    public async Task<double> StoreAsync(CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(world.Database);
        await using var proxy = new Proxy(settings.Port);
        (settings.Host, settings.Port) = ("127.0.0.1", proxy.Port);
        await using var source = NpgsqlDataSource.Create(settings);
        var before = await RowsAsync(cancellation);
        await _ceilings.UpsertAsync(source, plan.Window, rows: 256, cancellation);
        return (proxy.Sent + proxy.Answered) / (double)(await RowsAsync(cancellation) - before);
    }

    /// <summary>Consumes what waits in the queue, and nothing else.</summary>
    public async Task<Rate> ConsumeAsync(CancellationToken cancellation)
    {
        plan.Report("consuming alone");
        await using (var publisher = await PartsPublisher.ConnectAsync(world.Rabbit.Publisher("bench"), cancellation))
        {
            await BenchReferences.OpenFeeder(publisher, files, time).FillAsync(plan.ConsumedMessages, cancellation);
        }

        return await _ceilings.ConsumeAsync(plan.ConsumedMessages, cancellation);
    }

    private async Task<long> RowsAsync(CancellationToken cancellation)
    {
        await using var command = world.Source.CreateCommand("SELECT count(*) FROM classifications");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
