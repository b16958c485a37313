using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Observability;

namespace PartsWorker.Results;

internal static class ResultsServices
{
    /// <summary>Section <c>Results</c>, the data source and the writer.</summary>
    public static IServiceCollection AddResults(this IServiceCollection services) => services
        .AddSection<ResultsOptions>(ResultsOptions.Section)
        .AddSingleton(provider => PostgresSource.Open(provider.GetRequiredService<IConfiguration>(), "partsworker"))
        .AddSingleton<IResultSink, ResultWriter>()
        .AddSingleton<IDatabaseProbe, ResultProbe>()
        .AddHostedService<DatabaseCheck>();
}
