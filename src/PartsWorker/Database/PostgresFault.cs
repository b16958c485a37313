using Npgsql;

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

    /// <summary>One line for a person: what happened and what to do; without values, credentials or stack.</summary>
    public static string Describe(Exception error) => error switch
    {
        PostgresException
        {
            SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedColumn
        } => "the database is not migrated: run `partsworker migrate`",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"the database user may not do this: {refused.MessageText}",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "PostgreSQL refused user or password: check ConnectionStrings:Postgres",
        PostgresException refused => $"PostgreSQL reports {refused.SqlState}: {refused.MessageText}",
        NpgsqlException { InnerException: { } inner } => $"PostgreSQL cannot be reached: {inner.Message}",
        TimeoutException late => $"PostgreSQL does not answer: {late.Message}",
        _ => $"PostgreSQL cannot be reached: {error.Message}",
    };
}
