using Npgsql;
using PartsWorker.Database;

namespace PartsWorker.FailureRows;

/// <summary>Writes how many messages wait: images that no worker has received are known to the broker alone.</summary>
internal sealed class QueueDepthTable(NpgsqlDataSource source, TimeProvider time)
{
    private const string Write = """
        INSERT INTO queue_depths (queue, messages, consumers, worker) SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT (queue) DO UPDATE SET
            messages = excluded.messages, consumers = excluded.consumers, measured_at = now(), worker = excluded.worker
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public Task WriteAsync(
        IReadOnlyList<(string Queue, long Messages, long Consumers)> depths, string worker, CancellationToken cancellation) =>
        BoundedCall.RunAsync(
            async token =>
            {
                await using var command = source.CreateCommand(Write);
                // In one order, so that two workers do not wait for each other.
                var sorted = depths.OrderBy(depth => depth.Queue, StringComparer.Ordinal).ToArray();
                command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. sorted.Select(depth => depth.Queue)] });
                command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sorted.Select(depth => depth.Messages)] });
                command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sorted.Select(depth => depth.Consumers)] });
                command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. sorted.Select(_ => worker)] });
                return await command.ExecuteNonQueryAsync(token);
            },
            Limit, time, cancellation);
}
