using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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

    private static ResultEvents CreateEvents(IServiceProvider provider) => ResultEvents.Create(
        provider.GetRequiredService<IConfiguration>().GetConnectionString("RabbitMq"),
        provider.GetRequiredService<RabbitOptions>(),
        provider.GetRequiredService<StoredResults>(),
        provider.GetRequiredService<TimeProvider>());
}
