using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PartsWorker.Client;

/// <summary>Names what is wrong with the certificate of a server, in words that continue a sentence about the server.</summary>
internal static class CertificateProblem
{
    /// <param name="certificate">As the server presents it.</param>
    /// <param name="errors">What the handshake found.</param>
    /// <param name="expectedName">The name that it must carry.</param>
    /// <param name="remedy">What to check if no trusted authority has signed it.</param>
    /// <param name="now">Present time.</param>
    public static string Describe(
        X509Certificate? certificate, SslPolicyErrors errors, string? expectedName, string remedy, DateTimeOffset now)
    {
        if (certificate is not X509Certificate2 server)
        {
            return "presents no certificate";
        }

        if (now.UtcDateTime > server.NotAfter.ToUniversalTime())
        {
            return $"presents a certificate that expired on {server.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC: renew it";
        }

        if (now.UtcDateTime < server.NotBefore.ToUniversalTime())
        {
            return $"presents a certificate that is valid from {server.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC: check the clocks";
        }

        var name = Printable(server.GetNameInfo(X509NameType.DnsName, forIssuer: false));
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"presents a certificate of {name}, not of {expectedName}: check the host name"
            : $"presents a certificate that no trusted authority has signed (issuer {Printable(server.Issuer)}): {remedy}";
    }

    private static string Printable(string text) => ReferenceRules.Printable(text, 100);
}
