using System.Text;
using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary>Accepts an http(s) reference only in its one plain form and with a listed host.</summary>
internal static class WebReference
{
    public static Uri Check(string reference, AllowedHosts hosts)
    {
        var authority = Authority(reference);
        if (authority.Contains('@'))
        {
            throw Refusals.Forbidden(reference, "user info in a URL is not allowed");
        }

        if (reference.Contains('\\', StringComparison.Ordinal) || reference.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            throw Refusals.Forbidden(reference, "backslashes, blanks and control characters are not allowed in a URL");
        }

        // Decimal, octal, short and Unicode spellings of a host change when parsed; a plain one stays as written.
        if (!Ascii.IsValid(authority)
            || !Uri.TryCreate(reference, UriKind.Absolute, out var address)
            || !authority.Equals(address.Authority, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.Forbidden(reference, "not a plain URL: write scheme://host[:port]/path with the host in its usual form");
        }

        return hosts.Contains(address)
            ? address
            : throw Refusals.Forbidden(reference, $"host {address.Authority} is not listed in Images:Hosts");
    }

    private static ReadOnlySpan<char> Authority(string reference)
    {
        var start = reference.IndexOf("://", StringComparison.Ordinal) + 3;
        var rest = reference.AsSpan(start);
        var end = rest.IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }
}
