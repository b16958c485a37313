using Npgsql;

namespace PartsWorker.Models;

/// <summary>Reads the one row of table <c>serving</c>.</summary>
internal sealed class ServingPointer(NpgsqlDataSource source) : IServingPointer
{
    public async Task<Serving> ReadAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT model, shadow_model, shadow_share FROM serving");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return default;
        }

        return new Serving(
            await reader.IsDBNullAsync(0, cancellation) ? null : reader.GetString(0),
            await reader.IsDBNullAsync(1, cancellation) ? null : reader.GetString(1),
            reader.GetFloat(2));
    }
}
