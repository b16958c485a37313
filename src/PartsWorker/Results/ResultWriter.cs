using Microsoft.Extensions.Logging;
using Npgsql;
using PartsWorker.Database;
using PartsWorker.Failures;
using Polly;
using Polly.Retry;

namespace PartsWorker.Results;

/// <summary>Writes batches of results: one row per image and model however often it is written, and a bad row fails alone.</summary>
internal sealed class ResultWriter(NpgsqlDataSource source, ResultsOptions options, TimeProvider time, ILogger<ResultWriter> log)
    : IResultSink
{
    private readonly PartitionKeeper _partitions = new();
    private readonly ResiliencePipeline _retry = CreateRetry(options, time, log);

    /// <summary>Commits every row that can be stored. The returned rows failed permanently; all others are durable.</summary>
    /// <exception cref="PartFailureException">
    /// The database failed as a whole; rows may or may not be stored, and writing them again is harmless.
    /// </exception>
    public async Task<IReadOnlyList<RowFailure>> WriteAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        try
        {
            // A statement stores all of its rows or none, so a batch with a bad row is halved until that row is alone.
            var refused = await Bisection.RunAsync(
                ResultRow.DistinctInKeyOrder(rows),
                some => WriteAllAsync(some, cancellationToken),
                error => IsFault(error, PostgresFault.Row));
            return [.. refused.SelectMany(row => FailuresOf(rows, row.Item, row.Error))];
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LeaveStandby(error);
            var recovery = PostgresFaults.Of(error) == PostgresFault.Contention ? Recovery.Transient : Recovery.WithDependency;
            throw new PartFailureException(FailureKind.StoreFailure, recovery, PostgresFaults.Describe(error), error);
        }
    }

    private async ValueTask WriteAllAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        var created = await _retry.ExecuteAsync(
            async token => await BoundedCall.RunAsync(driver => StoreAsync(rows, driver), options.CommandTimeout, time, token),
            cancellationToken);
        foreach (var row in rows)
        {
            row.StoredAt = created.TryGetValue(row.Key, out var at) ? at : row.StoredAt;
        }
    }

    private async Task<Dictionary<RowKey, DateTimeOffset>> StoreAsync(
        IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await _partitions.EnsureAsync(connection, rows.Select(row => row.CapturedAt), cancellationToken);
        var statement = new ResultStatement(rows, options.Publish);
        return await statement.ExecuteAsync(connection, ServerSessions.AreOwn(source), cancellationToken);
    }

    /// <summary>
    /// After a switch of roles the pool still holds connections to the former primary. New ones find the server that takes writes now.
    /// </summary>
    private void LeaveStandby(Exception error)
    {
        if (error is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
        {
            source.Clear();
        }
    }

    private static IEnumerable<RowFailure> FailuresOf(IReadOnlyList<ResultRow> rows, ResultRow refused, Exception error)
    {
        var failure = new PartFailureException(
            FailureKind.StoreFailure, Recovery.Permanent, $"image {refused.ImageId} cannot be stored: {Reason(error)}", error);
        return rows.Index().Where(row => row.Item.Key == refused.Key).Select(row => new RowFailure(row.Index, failure));
    }

    private static ResiliencePipeline CreateRetry(ResultsOptions options, TimeProvider time, ILogger log)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.RetryAttempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(
                    error => IsFault(error, PostgresFault.Contention) || IsFault(error, PostgresFault.Outage)),
                MaxRetryAttempts = options.RetryAttempts,
                Delay = options.RetryDelay,
                MaxDelay = TimeSpan.FromSeconds(2),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retry =>
                {
                    ResultsLog.StoreRetried(log, retry.AttemptNumber + 1, PostgresFaults.Describe(retry.Outcome.Exception!));
                    return ValueTask.CompletedTask;
                },
            });
        }

        return builder.Build();
    }

    private static bool IsFault(Exception error, PostgresFault fault) =>
        error is not OperationCanceledException && PostgresFaults.Of(error) == fault;

    private static string Reason(Exception error) =>
        error is PostgresException refused ? $"{refused.SqlState} {refused.MessageText}" : error.Message;
}
