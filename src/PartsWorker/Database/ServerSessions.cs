using System.Runtime.CompilerServices;
using Npgsql;

namespace PartsWorker.Database;

/// <summary>
/// Sets up each new connection, and learns whether it is a session of the server or a connection to a pooler such as PgBouncer, which gives
/// each transaction to another session: a pooler announces its own process id, and the server then reports a different one.
/// Through a pooler nothing may be set or prepared, because it would stay in a session that another client uses next.
/// </summary>
internal sealed class ServerSessions
{
    // The keep-alives end the session of a client that disappeared; without them its row locks would be held for two hours.
    private const string Settings =
        "set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '5', false), "
        + "set_config('tcp_keepalives_count', '3', false), set_config('idle_in_transaction_session_timeout', '120s', false)";

    private static readonly ConditionalWeakTable<NpgsqlDataSource, ServerSessions> Sources = [];
    private volatile bool _own;
    private volatile bool _pooled;

    /// <param name="settings">Host, login and pool. Its <c>Options</c>, if any, replace the settings of the sessions.</param>
    public static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder settings)
    {
        var sessions = new ServerSessions();
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        var chosen = string.IsNullOrEmpty(settings.Options) ? Settings : "true";
        builder.UsePhysicalConnectionInitializer(
            connection => sessions.Learn(Probe(connection, chosen).ExecuteScalar()),
            async connection => sessions.Learn(await Probe(connection, chosen).ExecuteScalarAsync()));
        var source = builder.Build();
        Sources.Add(source, sessions);
        return source;
    }

    /// <summary>Whether statements may be prepared: true only after every connection so far proved to be a session of the server.</summary>
    public static bool AreOwn(NpgsqlDataSource source) =>
        Sources.TryGetValue(source, out var sessions) && sessions is { _own: true, _pooled: false };

    private static NpgsqlCommand Probe(NpgsqlConnection connection, string select) =>
        new($"SELECT {select} WHERE pg_backend_pid() = {connection.ProcessID}", connection);

    private void Learn(object? firstColumn)
    {
        if (firstColumn is null)
        {
            _pooled = true;
        }
        else
        {
            _own = true;
        }
    }
}
