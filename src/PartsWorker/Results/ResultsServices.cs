using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Observability;

namespace PartsWorker.Results;

internal static class ResultsServices
{
    /// <summary>Section <c>Results</c>, the data source, the writer and the publisher of events.</summary>
    public static IServiceCollection AddResults(this IServiceCollection services) => services
        .AddSection<ResultsOptions>(ResultsOptions.Section)
        .AddSection<RabbitOptions>(RabbitOptions.Section)
        .AddSingleton(provider => PostgresSource.Open(provider.GetRequiredService<IConfiguration>(), "partsworker"))
        .AddSingleton<IResultSink, ResultWriter>()
        .AddSingleton<StoredResults>()
        .AddSingleton<IResultEvents>(CreateEvents)
        .AddSingleton<IDatabaseProbe, ResultProbe>()
        .AddHostedService<DatabaseCheck>();

    // Connects when the first event is due, which without Results:Publish is never.
    private static ResultEvents CreateEvents(IServiceProvider provider)
    {
        var rabbit = provider.GetRequiredService<RabbitOptions>();
        var time = provider.GetRequiredService<TimeProvider>();
        var publisher = new PublisherOptions
        {
            ConnectionString = provider.GetRequiredService<IConfiguration>().GetConnectionString("RabbitMq") ?? "",
            Connection = rabbit.Connection,
            ClientName = "partsworker results",
            Prefix = rabbit.Prefix,
            Declare = rabbit.Declare,
            ConfirmTimeout = rabbit.BrokerTimeout,
            Time = time,
        };
        var topology = new PartsTopology(rabbit.Prefix);
        var sessions = new SessionKeeper(publisher, topology.DeclareResultsAsync);
        return new ResultEvents(provider.GetRequiredService<StoredResults>(), sessions, topology, time);
    }
}
