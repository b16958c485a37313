using System.Net;

namespace PartsWorker.Web;

/// <summary>The addresses that a listed host may have: public ones, and those in the private networks that are allowed.</summary>
internal sealed class AddressRules(IEnumerable<string> allowedPrivateNetworks)
{
    // IANA special-purpose registries: everything that is not a plain public unicast address, and every form that wraps an IPv4 address.
    private static readonly (IPNetwork Network, string Name)[] Special =
    [
        Entry("0.0.0.0/8", "this network"), Entry("10.0.0.0/8", "private"), Entry("100.64.0.0/10", "carrier-grade NAT"),
        Entry("127.0.0.0/8", "loopback"), Entry("169.254.0.0/16", "link-local"), Entry("172.16.0.0/12", "private"),
        Entry("192.0.0.0/24", "protocol assignments"), Entry("192.0.2.0/24", "documentation"), Entry("192.88.99.0/24", "6to4 relay"),
        Entry("192.168.0.0/16", "private"), Entry("198.18.0.0/15", "benchmarking"), Entry("198.51.100.0/24", "documentation"),
        Entry("203.0.113.0/24", "documentation"), Entry("224.0.0.0/4", "multicast"), Entry("240.0.0.0/4", "reserved"),
        Entry("::1/128", "loopback"), Entry("::/96", "unspecified or IPv4-compatible"),
        Entry("64:ff9b::/96", "NAT64"), Entry("64:ff9b:1::/48", "NAT64"), Entry("100::/64", "discard"),
        Entry("2001::/23", "protocol assignments"), Entry("2001:db8::/32", "documentation"),
        Entry("2002::/16", "6to4"), Entry("fc00::/7", "unique local"), Entry("fe80::/10", "link-local"),
        Entry("fec0::/10", "site-local"), Entry("ff00::/8", "multicast"),
    ];

    private readonly IPNetwork[] _allowed = [.. allowedPrivateNetworks.Select(n => IPNetwork.Parse(n))];

    /// <summary>Null when connections to the address are allowed, otherwise the kind of address.</summary>
    public string? Objection(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (Array.Exists(_allowed, n => n.Contains(plain)))
        {
            return null;
        }

        foreach (var (network, name) in Special)
        {
            if (network.Contains(plain))
            {
                return name;
            }
        }

        return null;
    }

    private static (IPNetwork Network, string Name) Entry(string network, string name) => (IPNetwork.Parse(network), name);
}
