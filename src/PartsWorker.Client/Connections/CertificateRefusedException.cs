using System.Security.Authentication;

namespace PartsWorker.Client;

/// <summary>The certificate of a server is not accepted; the message continues a sentence that begins with the server.</summary>
internal sealed class CertificateRefusedException(string message) : AuthenticationException(message);
