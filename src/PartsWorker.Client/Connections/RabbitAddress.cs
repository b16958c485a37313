using System.Globalization;
using System.Net;

namespace PartsWorker.Client;

/// <summary>
/// A parsed connection string: <c>amqp[s]://[user[:password]@]host[:port][,host[:port]...][/vhost]</c>.
/// Parsed here and not by the library, which supports neither a list of hosts nor errors without the password.
/// </summary>
internal sealed record RabbitAddress(bool Tls, string? User, string? Password, IReadOnlyList<DnsEndPoint> Hosts, string VirtualHost)
{
    private const string Shape = "must look like amqp://user:password@host:5672/vhost (amqps for TLS, several hosts with commas)";

    public static RabbitAddress Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Wrong("is empty");
        }

        var (tls, rest) = Scheme(text.Trim());
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        var path = slash < 0 ? string.Empty : rest[(slash + 1)..];
        if (path.Contains('?', StringComparison.Ordinal) || authority.Contains('?', StringComparison.Ordinal))
        {
            throw Wrong("contains '?': options belong in the section Rabbit");
        }

        // The last @, so that a password may contain one.
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? (null, null) : UserInfo(authority[..at]);
        var hosts = authority[(at + 1)..].Split(',').Select(h => Host(h.Trim(), tls)).ToArray();
        return new RabbitAddress(tls, user, password, hosts, path.Length == 0 ? "/" : Uri.UnescapeDataString(path));
    }

    private static (bool Tls, string Remainder) Scheme(string text)
    {
        const string Plain = "amqp://";
        const string Secure = "amqps://";
        return text.StartsWith(Plain, StringComparison.OrdinalIgnoreCase) ? (false, text[Plain.Length..])
            : text.StartsWith(Secure, StringComparison.OrdinalIgnoreCase) ? (true, text[Secure.Length..])
            : throw Wrong("does not begin with amqp:// or amqps://");
    }

    private static (string User, string? Password) UserInfo(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? (Uri.UnescapeDataString(text), null)
            : (Uri.UnescapeDataString(text[..colon]), Uri.UnescapeDataString(text[(colon + 1)..]));
    }

    private static DnsEndPoint Host(string text, bool tls)
    {
        var afterName = text.StartsWith('[')
            ? text.IndexOf(']', StringComparison.Ordinal) + 1
            : text.IndexOf(':', StringComparison.Ordinal);
        var name = (afterName <= 0 ? text : text[..afterName]).Trim('[', ']');
        var port = afterName <= 0 ? string.Empty : text[afterName..];
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
        {
            throw Wrong("has no valid host name (a '/' in a password must be written %2F, or the password given as Rabbit:Password)");
        }

        if (port.Length == 0)
        {
            return new DnsEndPoint(name, tls ? 5671 : 5672);
        }

        return port[0] == ':'
            && int.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= 65535
            ? new DnsEndPoint(name, number)
            : throw Wrong("has a port that is not a number from 1 to 65535");
    }

    // The text itself is never quoted: it may contain a password.
    private static RabbitConnectionException Wrong(string problem) =>
        new($"the RabbitMQ connection string {problem}; it {Shape}", isSettings: true);
}
