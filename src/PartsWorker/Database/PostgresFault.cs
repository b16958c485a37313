using System.Security.Authentication;
using Npgsql;
using PartsWorker.Client;

namespace PartsWorker.Database;

/// <summary>The cause of a failed statement: the row, a conflict between writers, or the database.</summary>
internal enum PostgresFault
{
    /// <summary>A value of one row cannot be stored; another try gives the same answer.</summary>
    Row,

    /// <summary>Deadlock, serialization or a partition that appeared in between; another try may pass.</summary>
    Contention,

    /// <summary>
    /// Unreachable, shutting down, read-only, full, not migrated or forbidden: every row fails, and a person may have to act.
    /// </summary>
    Outage,
}

internal static class PostgresFaults
{
    public static PostgresFault Of(Exception error) => error switch
    {
        PostgresException refused => OfState(refused),

        // What the driver itself cannot encode: half a surrogate pair, a number out of range.
        ArgumentException or FormatException or InvalidCastException or OverflowException => PostgresFault.Row,
        _ => PostgresFault.Outage,
    };

    private static PostgresFault OfState(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.InternalError => PostgresFault.Contention,

        // A check without a name is a partition bound: the month was attached between routing and writing.
        PostgresErrorCodes.CheckViolation when refused.ConstraintName is null => PostgresFault.Contention,
        PostgresErrorCodes.ProgramLimitExceeded => PostgresFault.Row,
        var state when state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) =>
            PostgresFault.Row,
        _ => PostgresFault.Outage,
    };

    /// <summary>Whether the server, or PgBouncer before it, refused user or password.</summary>
    public static bool RefusesLogin(PostgresException error) => error.SqlState.StartsWith("28", StringComparison.Ordinal)
        || (error.SqlState == PostgresErrorCodes.ProtocolViolation
            && (error.MessageText == "no such user" || error.MessageText.EndsWith("authentication failed", StringComparison.Ordinal)));

    /// <summary>One line for a person: what happened and what to do; without values, credentials or stack.</summary>
    public static string Describe(Exception error) => error switch
    {
        PostgresException refused => RefusesLogin(refused)
            ? DescribeRefusal(refused)
            : DescribeState(refused),
        _ when TlsProblem(error) is { } problem => $"PostgreSQL {problem}",
        NpgsqlException { InnerException: { } inner } => $"PostgreSQL cannot be reached: {inner.Message}",
        TimeoutException late => $"PostgreSQL does not answer: {late.Message}",
        _ => $"PostgreSQL cannot be reached: {error.Message}",
    };

    /// <summary>What ended the handshake, to follow the name of the server; null if it was not the certificates.</summary>
    private static string? TlsProblem(Exception? error) => error switch
    {
        null => null,

        // The driver decides about the certificate and does not tell what it dislikes.
        AuthenticationException when error.InnerException is null =>
            "presents a certificate that is not trusted, has expired or carries another name: check Root Certificate and Host in "
            + "ConnectionStrings:Postgres",
        _ when TlsAlert.IsAboutCertificate(error) =>
            "does not accept the certificate of this client: check SSL Certificate and SSL Key in ConnectionStrings:Postgres",
        _ => TlsProblem(error.InnerException),
    };

    private static string DescribeRefusal(PostgresException refused) =>
        refused.MessageText.Contains("valid client certificate", StringComparison.Ordinal)
            ? "PostgreSQL accepts only clients with a certificate: add SSL Certificate and SSL Key to ConnectionStrings:Postgres"
            : "PostgreSQL refused user or password: check ConnectionStrings:Postgres";

    private static string DescribeState(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedColumn =>
            "the database is not migrated: run `partsworker migrate`",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"the database user may not do this ({refused.MessageText}): grant it the role for it, for a worker partsworker_writer",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "PostgreSQL is read-only, as a standby is: connect to the primary; if ConnectionStrings:Postgres names several hosts, add "
            + "Target Session Attributes=primary",
        PostgresErrorCodes.DiskFull => $"the disk of PostgreSQL is full ({refused.MessageText}): free some space",
        PostgresErrorCodes.TooManyConnections =>
            $"PostgreSQL has no free connection ({refused.MessageText}): raise max_connections, lower Maximum Pool Size or use PgBouncer",
        PostgresErrorCodes.QueryCanceled =>
            $"PostgreSQL cancelled the statement ({refused.MessageText}): raise statement_timeout of the database user",
        PostgresErrorCodes.ProtocolViolation => DescribePooler(refused.MessageText),
        _ => $"PostgreSQL reports {refused.SqlState}: {refused.MessageText}",
    };

    // PgBouncer reports nearly everything under this state.
    private static string DescribePooler(string text) => text.StartsWith("unsupported startup parameter", StringComparison.Ordinal)
        ? $"PgBouncer refuses a setting of the connection ({text}): remove Options and Timezone from ConnectionStrings:Postgres"
        : $"PgBouncer reports: {text}";
}
