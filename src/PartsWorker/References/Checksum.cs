using System.Security.Cryptography;
using PartsWorker.Failures;

namespace PartsWorker.References;

/// <summary>Compares the bytes of an image with the SHA-256 that the publisher gave.</summary>
internal static class Checksum
{
    /// <exception cref="PartFailureException">
    /// Transient, because a copy of the file may still be in progress; the fetcher makes it permanent when every attempt reads the wrong
    /// bytes.
    /// </exception>
    public static void Verify(string reference, ReadOnlySpan<byte> bytes, string? expected)
    {
        if (expected is null)
        {
            return;
        }

        var actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!actual.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.Unreadable(
                reference, $"the file does not match its published checksum: sha256 is {actual}, expected {expected}", Recovery.Transient);
        }
    }
}
