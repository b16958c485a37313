using System.Security.Cryptography;

namespace PartsWorker.References;

/// <summary>Holds the bytes against the SHA-256 the publisher announced.</summary>
internal static class Checksum
{
    /// <exception cref="Failures.PartFailureException">
    /// Transient: the file may still be on its way (a copy in progress); the fetcher makes it permanent when the brief retries see the same.
    /// </exception>
    public static void Demand(string reference, ReadOnlySpan<byte> bytes, string? expected)
    {
        if (expected is null)
        {
            return;
        }

        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, actual);
        Span<char> text = stackalloc char[2 * SHA256.HashSizeInBytes];
        Convert.TryToHexStringLower(actual, text, out _);
        if (!text.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.Unreadable(reference, $"the content is not the one published: sha256 is {text}, expected {expected}", Failures.Recovery.Transient);
        }
    }
}
