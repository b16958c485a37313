namespace PartsWorker.Client;

/// <summary>Recognizes that a server has ended the handshake because of the certificate of this client, or because it has none.</summary>
internal static class TlsAlert
{
    // OpenSSL's words; the exception has no other sign of the alert.
    private static readonly string[] Reasons = ["certificate", "unknown ca", "handshake failure"];

    public static bool IsAboutCertificate(Exception error) => error.Message.Contains("alert", StringComparison.Ordinal)
        && Array.Exists(Reasons, reason => error.Message.Contains(reason, StringComparison.Ordinal));
}
