using Microsoft.Extensions.Configuration;
using Npgsql;

namespace PartsWorker.Database;

/// <summary>The only way to PostgreSQL: one data source per process, made from <c>ConnectionStrings:Postgres</c>.</summary>
internal static class PostgresSource
{
    /// <summary>Connections of one person: a page reads a few things beside each other.</summary>
    private const int PersonalPool = 4;

    private const string Example = "Host=127.0.0.1;Port=5432;Database=parts;Username=worker;Password=...";

    /// <exception cref="UserErrorException">
    /// The setting is missing or malformed. The message never repeats its value, which may hold a password.
    /// </exception>
    public static NpgsqlDataSource Open(IConfiguration configuration, string applicationName) =>
        ServerSessions.Open(Complete(Parse(Text(configuration)), applicationName));

    /// <summary>A small pool to the same database under the login of a person.</summary>
    /// <exception cref="UserErrorException">As <see cref="Open"/>.</exception>
    public static NpgsqlDataSource OpenAs(IConfiguration configuration, string applicationName, string login, string password)
    {
        var settings = Complete(Parse(Text(configuration)), applicationName);
        (settings.Username, settings.Password, settings.Passfile) = (login, password, null);
        // A certificate of the program must not sign a person in.
        (settings.SslCertificate, settings.SslKey, settings.SslPassword) = (null, null, null);
        (settings.MinPoolSize, settings.MaxPoolSize, settings.ConnectionIdleLifetime) = (0, PersonalPool, 60);
        return ServerSessions.Open(settings);
    }

    private static string Text(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString("Postgres");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UserErrorException($"ConnectionStrings:Postgres is not set: set ConnectionStrings__Postgres to \"{Example}\"");
        }

        return text;
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
            throw new UserErrorException(
                $"ConnectionStrings:Postgres is not a valid Npgsql connection string; it looks like \"{Example}\" (not a URL)");
        }
    }

    private static NpgsqlConnectionStringBuilder Complete(NpgsqlConnectionStringBuilder settings, string applicationName)
    {
        settings.ApplicationName ??= applicationName;
        settings.Enlist = false;
        settings.IncludeErrorDetail = false;
        settings.TcpKeepAlive = true;
        settings.GssEncryptionMode = GssEncryptionMode.Disable;

        // Our sessions leave no state behind (locks end with their transaction), and the driver's reset before each use costs the
        // server 0.2 to 0.4 ms, a quarter of the time to store one row. Through a pooler it would reset the session of another client.
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 0;
        return settings;
    }
}
