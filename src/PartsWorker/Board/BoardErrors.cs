using Npgsql;

namespace PartsWorker.Board;

/// <summary>What a person reads when a statement fails.</summary>
internal static class BoardErrors
{
    /// <returns>The line, and whether waiting helps; null for a bug.</returns>
    public static (string Line, bool IsAway)? Explain(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            ($"PostgreSQL refuses this to your login: {refused.MessageText}.", false),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn } =>
            ("The database has not been migrated to this version: run partsworker migrate.", false),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } =>
            ("The database took too long. Narrow the time or the filter.", false),
        PostgresException { SqlState: ['5', '7' or '3' or '8', ..] or ['0', '8', ..] } => Away,
        PostgresException refused => ($"PostgreSQL refuses this: {refused.MessageText}.", false),
        NpgsqlException or TimeoutException => Away,
        UserErrorException user => (user.Message, false),
        _ => null,
    };

    private static (string Line, bool IsAway) Away =>
        ("The database cannot be reached. This page continues by itself when it is back.", true);
}
