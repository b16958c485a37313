using Npgsql;
using PartsWorker.Configuration;

namespace PartsWorker.Database;

/// <summary>Gives a command one data source, which bears its name in <c>pg_stat_activity</c>.</summary>
internal static class DatabaseSession
{
    public static async Task<int> RunAsync(Settings settings, string name, Func<NpgsqlDataSource, Task<int>> work)
    {
        await using var source = PostgresSource.Open(settings.Load(), $"partsworker {name}");
        return await work(source);
    }
}
