using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PartsWorker.Client;

/// <summary>The certificate authorities of one PEM file, the only ones to trust.</summary>
internal sealed class PrivateAuthority
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private readonly X509Certificate2Collection _authorities = [];

    public PrivateAuthority(string file)
    {
        try
        {
            _authorities.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new RabbitConnectionException($"Rabbit:CaFile '{file}' cannot be read: {error.Message}", isSettings: true, error);
        }

        if (_authorities.Count == 0)
        {
            throw new RabbitConnectionException($"Rabbit:CaFile '{file}' contains no certificate in PEM format", isSettings: true);
        }
    }

    /// <summary>Whether one of the authorities has signed the certificate, for a server, and it is valid now.</summary>
    public bool HasSigned(X509Certificate2 server, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(server);
    }
}
