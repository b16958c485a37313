using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using PartsWorker.Database;
using PartsWorker.Failures;
using Polly;
using Polly.Retry;

namespace PartsWorker.Results;

/// <summary>Writes batches of results: once per image and model however often they come, and a bad row fails alone.</summary>
internal sealed class ResultWriter(NpgsqlDataSource source, ResultsOptions options, TimeProvider time, ILogger<ResultWriter> log) : IResultSink
{
    private readonly PartitionKeeper _partitions = new();
    private readonly ConcurrentBag<ResultBatch> _batches = [];
    private readonly ConcurrentBag<ResultStatement> _statements = [];
    private readonly ResiliencePipeline _retry = CreateRetry(options, time, log);

    /// <summary>Commits every row that can be stored. What is returned failed for good; everything else is on disk when this returns.</summary>
    /// <exception cref="PartFailureException">The database failed as a whole; rows may or may not be stored, and writing them again is harmless.</exception>
    public async Task<IReadOnlyList<RowFailure>> WriteAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        var failures = new List<RowFailure>();
        if (rows.Count == 0)
        {
            return failures;
        }

        var batch = _batches.TryTake(out var idle) ? idle : new ResultBatch();
        batch.Fill(rows);
        try
        {
            await WriteOrSplitAsync(batch, 0, batch.Count, failures, cancellationToken);
        }
        finally
        {
            batch.Clear();
            _batches.Add(batch);
        }

        return failures;
    }

    // A statement stores all of its rows or none, so a batch that one row spoils is halved until that row stands alone.
    private async Task WriteOrSplitAsync(ResultBatch batch, int start, int count, List<RowFailure> failures, CancellationToken cancellationToken)
    {
        try
        {
            await _retry.ExecuteAsync(
                async token => await BoundedCall.RunAsync(driver => StoreAsync(batch, start, count, driver), options.CommandTimeout, time, token), cancellationToken);
        }
        catch (Exception error) when (IsFault(error, PostgresFault.Row) && count > 1)
        {
            await WriteOrSplitAsync(batch, start, count / 2, failures, cancellationToken);
            await WriteOrSplitAsync(batch, start + (count / 2), count - (count / 2), failures, cancellationToken);
        }
        catch (Exception error) when (IsFault(error, PostgresFault.Row))
        {
            var failure = new PartFailureException(
                FailureKind.StoreFailure, Recovery.Permanent, $"image {batch[start].ImageId} cannot be stored: {Reason(error)}", error);
            failures.AddRange(batch.PlacesOf(start).Select(place => new RowFailure(place, failure)));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var recovery = PostgresFaults.Of(error) == PostgresFault.Contention ? Recovery.Transient : Recovery.DependencyDown;
            throw new PartFailureException(FailureKind.StoreFailure, recovery, PostgresFaults.Describe(error), error);
        }
    }

    private async Task<int> StoreAsync(ResultBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        // Everything is taken out of the batch before the first wait: a call that is given up goes on for a while, and the batch holds other rows then.
        var statement = _statements.TryTake(out var idle) ? idle : new ResultStatement();
        statement.Fill(batch, start, count);
        var months = _partitions.Unknown(batch, start, count);

        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await _partitions.EnsureAsync(connection, months, cancellationToken);
        var stored = await statement.ExecuteAsync(connection, cancellationToken);

        // Only what ended well is used again: one that was given up may still be in the driver's hands.
        _statements.Add(statement);
        return stored;
    }

    private static ResiliencePipeline CreateRetry(ResultsOptions options, TimeProvider time, ILogger log)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.RetryAttempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(error => IsFault(error, PostgresFault.Contention) || IsFault(error, PostgresFault.Outage)),
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

    private static bool IsFault(Exception error, PostgresFault fault) => error is not OperationCanceledException && PostgresFaults.Of(error) == fault;

    private static string Reason(Exception error) => error is PostgresException refused ? $"{refused.SqlState} {refused.MessageText}" : error.Message;
}
