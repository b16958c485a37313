using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace PartsWorker.Hosting;

/// <summary>One line for what keeps the board from starting; null for any other error.</summary>
internal static class BoardStartErrors
{
    public static string? Explain(Exception error) => error switch
    {
        IOException { InnerException: AddressInUseException } => $"Board:Port is taken: {error.Message.TrimEnd('.')}; choose another",
        CryptographicException => $"Board:Certificate cannot be read: {error.Message}",
        _ => StartErrors.Explain(error),
    };
}
