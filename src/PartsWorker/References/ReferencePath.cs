using System.Buffers;
using System.Text;

namespace PartsWorker.References;

/// <summary>The path of a reference, percent-decoded exactly once; every spelling that could lead somewhere else is refused.</summary>
internal static class ReferencePath
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Dots, slashes and backslashes of other Unicode blocks: harmless on Linux, but no legitimate file name needs them.
    private static readonly SearchValues<char> LookAlikes =
        SearchValues.Create("\uFF0E\u2024\u2025\u2026\uFF0F\u2215\u2044\u29F8\uFF3C\u29F5\u29F9\uFE68");

    // What only a second decoding would turn into a separator, a dot or a NUL.
    private static readonly SearchValues<string> StillEncoded =
        SearchValues.Create(["%2e", "%2f", "%5c", "%25", "%00"], StringComparison.OrdinalIgnoreCase);

    /// <param name="reference">The whole reference, for the message.</param>
    /// <param name="encoded">Its path part, as written.</param>
    public static string Decode(string reference, string encoded)
    {
        if (encoded.AsSpan().ContainsAny('?', '#'))
        {
            throw Refusals.Forbidden(reference, "'?' and '#' in a file or object name must be written %3F and %23");
        }

        var decoded = encoded.Contains('%', StringComparison.Ordinal) ? Unescape(reference, encoded) : encoded;
        return Objection(decoded) is { } objection ? throw Refusals.Forbidden(reference, objection) : decoded;
    }

    /// <returns>Null when the path is plain, otherwise what is not allowed in it.</returns>
    private static string? Objection(string decoded)
    {
        if (decoded.Contains('\0', StringComparison.Ordinal))
        {
            return "a NUL character is not allowed in a path";
        }

        if (decoded.Contains('\\', StringComparison.Ordinal))
        {
            return "a backslash is not allowed in a path";
        }

        if (decoded.Any(char.IsControl))
        {
            return "control characters are not allowed in a path";
        }

        if (decoded.AsSpan().ContainsAny(LookAlikes))
        {
            return "look-alikes of '.', '/' and '\\' are not allowed in a path";
        }

        if (decoded.AsSpan().ContainsAny(StillEncoded))
        {
            return "doubly percent-encoded '.', '/' or '\\' is not allowed in a path";
        }

        foreach (var segment in decoded.AsSpan().Split('/'))
        {
            if (decoded.AsSpan()[segment] is "." or "..")
            {
                return "'.' and '..' are not allowed in a path";
            }
        }

        return null;
    }

    private static string Unescape(string reference, string encoded)
    {
        try
        {
            var bytes = Strict.GetBytes(encoded);
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

            return Strict.GetString(bytes, 0, length);
        }
        catch (Exception error) when (error is DecoderFallbackException or EncoderFallbackException)
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

        var value = Convert.FromHexString(Encoding.ASCII.GetString(at[1..3]))[0];
        return value == '/' ? throw Refusals.Forbidden(reference, "a percent-encoded '/' is not allowed in a path") : value;
    }
}
