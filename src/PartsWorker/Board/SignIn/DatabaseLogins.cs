using Microsoft.Extensions.Configuration;
using Npgsql;
using PartsWorker.Database;

namespace PartsWorker.Board.SignIn;

internal enum SignInProblem
{
    None,
    WrongLogin,
    NoRole,
    DatabaseAway,
    TooManyAttempts,
    Ended,
    Outdated,
}

/// <summary>Checks a login by connecting to PostgreSQL with it; there is no other user store.</summary>
internal sealed class DatabaseLogins(IConfiguration configuration, TimeProvider time)
{
    /// <summary>Names in PostgreSQL are not longer.</summary>
    public const int MaxLogin = 63;
    private const int MaxPassword = 1000;

    private const string ReadRoles = """
        SELECT r.rolname::text FROM pg_roles AS r
        WHERE r.rolname IN ('partsworker_reader', 'partsworker_reviewer', 'partsworker_operator')
          AND pg_has_role(session_user, r.oid, 'member')
        """;

    /// <returns>A session, or the reason why there is none.</returns>
    public async Task<(BoardSession? Session, SignInProblem Problem)> SignInAsync(
        string login, string password, CancellationToken cancellationToken)
    {
        // Without a login or a password the driver would use others: PGPASSWORD, ~/.pgpass, the name of the operating system user.
        if (login.Length is 0 or > MaxLogin || password.Length is 0 or > MaxPassword || (login + password).Contains('\0'))
        {
            return (null, SignInProblem.WrongLogin);
        }

        var database = PostgresSource.OpenAs(configuration, "partsworker board", login, password);
        var (roles, problem) = await ReadRolesAsync(database, cancellationToken);
        if (problem == SignInProblem.None)
        {
            return (new BoardSession(login, roles, database, time.GetUtcNow()), problem);
        }

        await database.DisposeAsync();
        return (null, problem);
    }

    /// <summary>Connects anew and reads the roles again.</summary>
    public static async Task<SignInProblem> CheckAgainAsync(BoardSession session, CancellationToken cancellationToken)
    {
        session.Database.Clear();
        return (await ReadRolesAsync(session.Database, cancellationToken)).Problem;
    }

    private static async Task<(IReadOnlyList<string> Roles, SignInProblem Problem)> ReadRolesAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        try
        {
            var roles = new List<string>();
            await using var command = database.CreateCommand(ReadRoles);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                roles.Add(reader.GetString(0));
            }

            return (roles, roles.Count > 0 ? SignInProblem.None : SignInProblem.NoRole);
        }
        catch (PostgresException refused) when (PostgresFaults.RefusesLogin(refused))
        {
            return ([], SignInProblem.WrongLogin);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or ArgumentException)
        {
            return ([], SignInProblem.DatabaseAway);
        }
    }
}
