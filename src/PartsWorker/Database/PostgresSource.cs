using Microsoft.Extensions.Configuration;
using Npgsql;
using PartsWorker.Commands;

namespace PartsWorker.Database;

/// <summary>The only door to PostgreSQL: one data source per process, made from <c>ConnectionStrings:Postgres</c>.</summary>
internal static class PostgresSource
{
    private const string Example = "Host=127.0.0.1;Port=5432;Database=parts;Username=worker;Password=...";

    /// <exception cref="UserErrorException">The setting is missing or malformed; its value is never repeated, it may hold a password.</exception>
    public static NpgsqlDataSource Open(IConfiguration configuration, string applicationName)
    {
        var text = configuration.GetConnectionString("Postgres");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UserErrorException($"ConnectionStrings:Postgres is not set: set ConnectionStrings__Postgres to \"{Example}\"");
        }

        return new NpgsqlDataSourceBuilder(Settle(Parse(text), applicationName).ConnectionString).Build();
    }

    private static NpgsqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrWhiteSpace(parsed.Host) ? throw new ArgumentException("no host") : parsed;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            throw new UserErrorException($"ConnectionStrings:Postgres is not a valid Npgsql connection string; it looks like \"{Example}\" (not a URL)");
        }
    }

    private static NpgsqlConnectionStringBuilder Settle(NpgsqlConnectionStringBuilder settings, string applicationName)
    {
        settings.ApplicationName ??= applicationName;
        settings.Enlist = false;
        settings.IncludeErrorDetail = false;
        settings.TcpKeepAlive = true;
        settings.GssEncryptionMode = GssEncryptionMode.Disable;

        // Work is acknowledged to the broker after the commit; a server that commits asynchronously would break that promise in a crash.
        settings.Options = string.IsNullOrEmpty(settings.Options) ? "-c synchronous_commit=on" : settings.Options;
        return settings;
    }
}
