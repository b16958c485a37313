using System.Collections.Frozen;

namespace PartsWorker.Web;

/// <summary>The listed hosts as <c>name:port</c>. An entry without a port means 443 for https and 80 for http.</summary>
internal sealed class AllowedHosts
{
    private readonly FrozenSet<string> _listed;

    public AllowedHosts(IEnumerable<string> hosts)
    {
        _listed = hosts
            .Select(host => TryParse(host, out var parsed) ? parsed : throw new ArgumentException(host))
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public int Count => _listed.Count;

    /// <param name="address">An absolute address without user info.</param>
    public bool Contains(Uri address) =>
        _listed.Contains($"{address.Host}:{address.Port}") || (address.IsDefaultPort && _listed.Contains(address.Host));

    public static bool TryParse(string entry, out string host)
    {
        host = "";
        if (!Uri.TryCreate($"ftp://{entry}/", UriKind.Absolute, out var uri)
            || uri.UserInfo.Length > 0
            || uri.PathAndQuery is not "/"
            || !uri.Authority.Equals(entry, StringComparison.OrdinalIgnoreCase)
            || uri.HostNameType == UriHostNameType.Unknown
            || uri.Host.Contains('*', StringComparison.Ordinal))
        {
            return false;
        }

        host = uri.Authority;
        return true;
    }
}
