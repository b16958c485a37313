using System.Buffers;
using System.Text;

namespace PartsWorker.References;

/// <summary>The path of a reference, percent-decoded exactly once, with every spelling of "somewhere else" refused.</summary>
internal static class ReferencePath
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Dots, slashes and backslashes of other Unicode blocks: harmless to Linux, but never in an honest file name.
    private static readonly SearchValues<char> LookAlikes = SearchValues.Create("\uFF0E\u2024\u2025\u2026\uFF0F\u2215\u2044\u29F8\uFF3C\u29F5\u29F9\uFE68");

    /// <param name="reference">The whole reference, for the message.</param>
    /// <param name="encoded">Its path part, as written; what is returned is this very part where nothing was encoded.</param>
    public static ReadOnlySpan<char> Decode(string reference, ReadOnlySpan<char> encoded)
    {
        if (encoded.IndexOfAny('?', '#') >= 0)
        {
            throw Refusals.Forbidden(reference, "'?' and '#' in a file or object name must be written %3F and %23");
        }

        var decoded = Unescape(reference, encoded);
        DemandHonestCharacters(reference, decoded);
        foreach (var segment in decoded.Split('/'))
        {
            if (decoded[segment] is "." or "..")
            {
                throw Refusals.Forbidden(reference, "'.' and '..' are not allowed in a path");
            }
        }

        return decoded;
    }

    private static void DemandHonestCharacters(string reference, ReadOnlySpan<char> decoded)
    {
        if (decoded.Contains('\0'))
        {
            throw Refusals.Forbidden(reference, "a NUL character is not allowed in a path");
        }

        if (decoded.Contains('\\'))
        {
            throw Refusals.Forbidden(reference, "a backslash is not allowed in a path");
        }

        if (HasControl(decoded))
        {
            throw Refusals.Forbidden(reference, "control characters are not allowed in a path");
        }

        if (decoded.ContainsAny(LookAlikes))
        {
            throw Refusals.Forbidden(reference, "look-alikes of '.', '/' and '\\' are not allowed in a path");
        }

        if (IsStillEncoded(decoded))
        {
            throw Refusals.Forbidden(reference, "doubly percent-encoded '.', '/' or '\\' is not allowed in a path");
        }
    }

    private static bool HasControl(ReadOnlySpan<char> decoded)
    {
        foreach (var character in decoded)
        {
            if (char.IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsStillEncoded(ReadOnlySpan<char> decoded) =>
        decoded.Contains("%2e", StringComparison.OrdinalIgnoreCase)
        || decoded.Contains("%2f", StringComparison.OrdinalIgnoreCase)
        || decoded.Contains("%5c", StringComparison.OrdinalIgnoreCase)
        || decoded.Contains("%25", StringComparison.Ordinal)
        || decoded.Contains("%00", StringComparison.Ordinal);

    private static ReadOnlySpan<char> Unescape(string reference, ReadOnlySpan<char> encoded)
    {
        if (!encoded.Contains('%'))
        {
            return encoded;
        }

        var bytes = Strict.GetBytes(encoded.ToArray());
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            if (value == '%')
            {
                value = Escaped(reference, bytes.AsSpan(i));
                i += 2;
            }

            bytes[length++] = value;
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw Refusals.Forbidden(reference, "percent-encoding is not valid UTF-8");
        }
    }

    private static byte Escaped(string reference, ReadOnlySpan<byte> at)
    {
        if (at.Length < 3 || !char.IsAsciiHexDigit((char)at[1]) || !char.IsAsciiHexDigit((char)at[2]))
        {
            throw Refusals.Forbidden(reference, "'%' must be followed by two hexadecimal digits");
        }

        var value = Convert.ToByte(Encoding.ASCII.GetString(at[1..3]), 16);
        return value == '/' ? throw Refusals.Forbidden(reference, "a percent-encoded '/' is not allowed in a path") : value;
    }
}
