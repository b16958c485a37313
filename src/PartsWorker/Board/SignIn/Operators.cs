namespace PartsWorker.Board.SignIn;

/// <summary>
/// Checks that a person is an operator before work starts that PostgreSQL does not see, such as replaying a dead letter, or that is
/// expensive, such as verifying a bundle.
/// </summary>
internal static class Operators
{
    // PostgreSQL checks the privilege before it looks for rows. There are none, so nothing is locked, changed or recorded.
    private const string Check = "UPDATE serving SET model = model WHERE false";

    /// <summary>Asks the session first and then PostgreSQL, which knows of a role that was revoked after the sign-in.</summary>
    /// <exception cref="UserErrorException">The person is not an operator.</exception>
    /// <exception cref="Npgsql.PostgresException">PostgreSQL refuses.</exception>
    public static async Task RequireAsync(BoardSession person, CancellationToken cancellationToken)
    {
        if (!person.Roles.Contains(BoardRoles.Operator))
        {
            throw new UserErrorException($"This needs the role {BoardRoles.Operator}, which an administrator grants.");
        }

        await person.Database.ExecuteAsync(Check, [], cancellationToken);
    }
}
