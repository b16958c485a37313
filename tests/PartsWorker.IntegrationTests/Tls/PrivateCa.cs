using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PartsWorker.IntegrationTests.Tls;

/// <summary>A certificate authority as a plant runs its own: one PEM file to trust, and certificates signed by it.</summary>
internal sealed class PrivateCa : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;

    public PrivateCa(string name)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _certificate = request.CreateSelfSigned(From, From.AddYears(1));
        File = Path.GetTempFileName();
        System.IO.File.WriteAllText(File, _certificate.ExportCertificatePem());
    }

    public string File { get; }

    public string Pem => _certificate.ExportCertificatePem();

    public byte[] Der => _certificate.RawData;

    /// <summary>A certificate for a server.</summary>
    /// <param name="dnsName">Its name.</param>
    /// <param name="expired">It was valid until an hour ago.</param>
    public IssuedCertificate Issue(string dnsName, bool expired = false) =>
        Issue(dnsName, "1.3.6.1.5.5.7.3.1", expired ? From.AddHours(23) : From.AddMonths(6));

    /// <summary>A certificate with which a client identifies itself.</summary>
    public IssuedCertificate IssueClient(string name) => Issue(name, "1.3.6.1.5.5.7.3.2", From.AddMonths(6));

    public void Dispose()
    {
        System.IO.File.Delete(File);
        _certificate.Dispose();
        _key.Dispose();
    }

    private IssuedCertificate Issue(string name, string usage, DateTimeOffset until)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        using var signed = request.Create(_certificate, From, until, RandomNumberGenerator.GetBytes(8));
        return new(signed.ExportCertificatePem(), signed.RawData, key.ExportPkcs8PrivateKeyPem(), key.ExportRSAPrivateKey());
    }
}

/// <param name="Pem">Certificate.</param>
/// <param name="Der">The same, as bytes.</param>
/// <param name="KeyPem">Private key (PKCS #8).</param>
/// <param name="KeyDer">Private key (PKCS #1), as bytes.</param>
internal sealed record IssuedCertificate(string Pem, byte[] Der, string KeyPem, byte[] KeyDer);
