using Npgsql;
using PartsWorker.Database;

namespace PartsWorker.Results;

/// <summary>
/// Stores an empty batch: PostgreSQL then checks the login, every table and column of the statement and the right to write, and changes
/// nothing.
/// </summary>
internal sealed class ResultProbe(NpgsqlDataSource source, TimeProvider time) : IDatabaseProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public Task ProbeAsync(CancellationToken cancellation) => BoundedCall.RunAsync(StoreNothingAsync, Limit, time, cancellation);

    private async Task<int> StoreNothingAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        using var statement = new ResultStatement([]);
        return await statement.ExecuteAsync(connection, cancellation);
    }
}
