using Npgsql;

namespace PartsWorker.Board;

/// <summary>
/// The board's own connections, from ConnectionStrings:Postgres; its login needs the role <c>partsworker_reader</c>. Only what everybody
/// sees alike is read here (Live, thumbnails); everything else runs under the login of the person.
/// </summary>
internal sealed class BoardDatabase(NpgsqlDataSource source) : IAsyncDisposable
{
    public NpgsqlDataSource Source => source;

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
