using Npgsql;
using PartsWorker.Configuration;
using PartsWorker.Database;

namespace PartsWorker.Commands;

/// <summary>What every command that talks to PostgreSQL shares: one data source, named after it.</summary>
internal static class DatabaseCommands
{
    public static async Task<int> RunAsync(Settings settings, string name, Func<NpgsqlDataSource, Task<int>> work)
    {
        await using var source = PostgresSource.Open(settings.Load(), $"partsworker {name}");
        return await work(source);
    }
}
