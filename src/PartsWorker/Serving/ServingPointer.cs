using Npgsql;
using PartsWorker.Database;

namespace PartsWorker.Serving;

/// <summary>Reads the one row of table <c>serving</c>.</summary>
internal sealed class ServingPointer(NpgsqlDataSource source, TimeProvider time) : IServingPointer
{
    // One row, read every second: a longer wait means that the network is gone.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public Task<ServingState> ReadAsync(CancellationToken cancellation) => BoundedCall.RunAsync(SelectAsync, Limit, time, cancellation);

    private async Task<ServingState> SelectAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT model, shadow_model, shadow_share FROM serving");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return default;
        }

        return new ServingState(
            await reader.IsDBNullAsync(0, cancellation) ? null : reader.GetString(0),
            await reader.IsDBNullAsync(1, cancellation) ? null : reader.GetString(1),
            reader.GetFloat(2));
    }
}
