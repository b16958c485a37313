using Npgsql;
using PartsWorker.Database;
using PartsWorker.FailureRows;

namespace PartsWorker.Results;

/// <summary>
/// Stores an empty batch: PostgreSQL then checks the login, every table and column of the statement and the right to write, and changes
/// nothing. The same for the row of a failed message. With <see cref="ResultsOptions.Publish"/> it also reads an empty batch back.
/// </summary>
internal sealed class ResultProbe(
    NpgsqlDataSource source, StoredResults stored, FailureTable failures, ResultsOptions options, TimeProvider time) : IDatabaseProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        await BoundedCall.RunAsync(StoreNothingAsync, Limit, time, cancellation);
        await failures.ProbeAsync(cancellation);
        if (options.Publish)
        {
            await stored.ReadAsync([], cancellation);
        }
    }

    private async Task<Dictionary<RowKey, DateTimeOffset>> StoreNothingAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var statement = new ResultStatement([], options.Publish);
        return await statement.ExecuteAsync(connection, ServerSessions.AreOwn(source), cancellation);
    }
}
