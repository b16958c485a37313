using Npgsql;

namespace PartsWorker.Trainer.Data;

/// <summary>Opens PostgreSQL by the variables the worker is configured with, so that one environment serves both.</summary>
internal static class ReviewSource
{
    private const string Variable = "ConnectionStrings__Postgres";

    /// <exception cref="UserErrorException">The variable is missing or malformed; its value is never repeated, it may hold a
    /// password.</exception>
    public static NpgsqlDataSource Open()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(text) && Environment.GetEnvironmentVariable($"{Variable}_FILE") is { Length: > 0 } file)
        {
            text = File.Exists(file) ? File.ReadAllText(file).Trim() : throw new UserErrorException(
                $"{Variable}_FILE: '{file}' does not exist");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UserErrorException(
                $"--from-reviews reads PostgreSQL: set {Variable} to \"Host=127.0.0.1;Database=parts;Username=...;Password=...\", "
                + $"or {Variable}_FILE to a file that contains it");
        }

        try
        {
            // Without the driver's reset, which behind PgBouncer would reset the session of another client.
            return NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(text) { ApplicationName = "partstrainer", NoResetOnClose = true });
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            throw new UserErrorException(
                $"{Variable} is not a valid Npgsql connection string; it looks like "
                + "\"Host=127.0.0.1;Database=parts;Username=...;Password=...\" (not a URL)",
                inner: error);
        }
    }
}
