using Npgsql;
using PartsWorker.Database;

namespace PartsWorker.Commands;

/// <summary>What every command that talks to PostgreSQL shares: one data source, and one line for whatever goes wrong with it.</summary>
internal static class DatabaseCommands
{
    public static async Task<int> RunAsync(Settings settings, string name, Func<NpgsqlDataSource, Task<int>> work)
    {
        await using var source = PostgresSource.Open(settings.Load(), $"partsworker {name}");
        try
        {
            return await work(source);
        }
        catch (NpgsqlException error)
        {
            throw new UserErrorException(PostgresFaults.Describe(error), exitCode: 1, error);
        }
    }
}
