using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace PartsWorker.Client;

/// <summary>TLS to a broker: whom the client trusts, and how it identifies itself.</summary>
internal sealed class RabbitTls
{
    private readonly PrivateAuthority? _authority;
    private readonly X509Certificate2? _own;

    /// <exception cref="RabbitConnectionException">A file cannot be read.</exception>
    public RabbitTls(RabbitConnectionOptions options)
    {
        _authority = options.CaFile is { Length: > 0 } file ? new PrivateAuthority(file) : null;
        _own = options.CertFile is { Length: > 0 } own ? Load(own, options.KeyFile) : null;
    }

    /// <param name="serverName">The name that the broker's certificate must carry.</param>
    public SslOption For(string serverName) => new()
    {
        Enabled = true,
        ServerName = serverName,
        AcceptablePolicyErrors = SslPolicyErrors.None,
        CertificateValidationCallback = (_, certificate, chain, errors) => Check(certificate, chain, errors, serverName),
        Certs = _own is null ? null : [_own],
    };

    private bool Check(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string serverName)
    {
        // A private authority is unknown to the machine, so the machine's doubts about the chain do not count.
        var others = _authority is null ? errors : errors & ~SslPolicyErrors.RemoteCertificateChainErrors;
        var isSigned = _authority is null || (certificate is X509Certificate2 server && _authority.HasSigned(server, chain));
        return others == SslPolicyErrors.None && isSigned
            ? true
            : throw new CertificateRefusedException(CertificateProblem.Describe(
                certificate, errors, serverName, "check Rabbit:CaFile", TimeProvider.System.GetUtcNow()));
    }

    private static X509Certificate2 Load(string certificate, string? key)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificate, key);

            // Windows cannot use the key of a PEM file directly.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new RabbitConnectionException(
                $"Rabbit:CertFile '{certificate}' or its key cannot be read: {error.Message}", isSettings: true, error);
        }
    }
}
