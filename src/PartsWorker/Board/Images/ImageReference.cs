using Npgsql;

namespace PartsWorker.Board.Images;

/// <summary>Where a stored image is.</summary>
/// <param name="Uri">As it was published.</param>
/// <param name="Sha256">Of its bytes, as hexadecimal digits; null when unknown.</param>
internal sealed record ImageReference(string Uri, string? Sha256)
{
    /// <returns>Null when the database has no such image.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    /// <exception cref="UserErrorException">The database took too long.</exception>
    public static async Task<ImageReference?> FindAsync(NpgsqlDataSource database, Guid imageId, CancellationToken cancellationToken)
    {
        const string Sql = "SELECT i.uri, i.sha256 FROM images AS i WHERE i.image_id = $1 ORDER BY i.captured_at DESC LIMIT 1";
        var found = await database.ReadAsync(
            Sql, [imageId], row => new ImageReference(row.GetString(0), row.TextOrNull(1)), cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }
}
