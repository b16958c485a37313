using System.Buffers;
using System.Text;

namespace PartsWorker.References;

/// <summary>
/// The path of a reference. <see cref="Encode"/> is what publishers write and <see cref="Decode"/> what workers read, percent-decoded
/// exactly once; both refuse, by <see cref="Objection"/>, every spelling that could lead somewhere else.
/// </summary>
internal static class ReferencePath
{
    private const int MostDecodings = 8;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    // Separators of other Unicode blocks: harmless on Linux, but no legitimate file name needs them.
    private static readonly SearchValues<char> SeparatorLookAlikes =
        SearchValues.Create("\uFF0F\u2215\u2044\u29F8\uFF3C\u29F5\u29F9\uFE68");
    private static readonly SearchValues<char> DotLookAlikes = SearchValues.Create(".\uFF0E\u2024\u2025\u2026");

    // '.', '/' and '\' in two bytes, which lenient decoders of UTF-8 accept.
    private static readonly SearchValues<string> Overlong =
        SearchValues.Create(["\uDCC0\uDCAE", "\uDCC0\uDCAF", "\uDCC1\uDC9C"], StringComparison.Ordinal);

    /// <param name="path">Segments separated by '/'; bytes that are not UTF-8 as <see cref="PathBytes"/> writes them.</param>
    public static string Encode(string path)
    {
        var text = new StringBuilder(path.Length + 16);
        foreach (var value in PathBytes.FromText(path))
        {
            _ = Plain.Contains(value) ? text.Append((char)value) : text.Append($"%{value:X2}");
        }

        return text.ToString();
    }

    /// <summary>Decodes the key of an object, which is text.</summary>
    /// <param name="reference">The whole reference, for the message.</param>
    /// <param name="encoded">Its path part, as written.</param>
    public static string Decode(string reference, string encoded)
    {
        var decoded = DecodeFile(reference, encoded);
        return PathBytes.IsText(decoded) ? decoded : throw Refusals.Forbidden(reference, "percent-encoding is not valid UTF-8");
    }

    /// <summary>Decodes the path of a file, whose names may hold bytes that are not UTF-8.</summary>
    /// <inheritdoc cref="Decode"/>
    public static string DecodeFile(string reference, string encoded)
    {
        if (encoded.AsSpan().ContainsAny('?', '#'))
        {
            throw Refusals.Forbidden(reference, "'?' and '#' in a file or object name must be written %3F and %23");
        }

        var decoded = Ascii.IsValid(encoded) && !encoded.Contains('%', StringComparison.Ordinal) ? encoded : Unescape(reference, encoded);
        return Objection(decoded) is { } objection ? throw Refusals.Forbidden(reference, objection) : decoded;
    }

    /// <returns>Null when a reference may name the path, otherwise what is not allowed in it.</returns>
    public static string? Objection(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return "a NUL character is not allowed in a path";
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            return "a backslash is not allowed in a path";
        }

        if (path.Any(char.IsControl))
        {
            return "control characters are not allowed in a path";
        }

        if (path.AsSpan().ContainsAny(Overlong))
        {
            return "overlong encodings of '.', '/' and '\\' (not valid UTF-8) are not allowed in a path";
        }

        if (HasDotSegment(path))
        {
            return "'.' and '..' are not allowed in a path";
        }

        return HasLookAlike(path) ? "look-alikes of '.', '/' and '\\' are not allowed in a path"
            : MeansMoreWhenDecodedAgain(path) ? "doubly percent-encoded '.', '/' or '\\' is not allowed in a path"
            : null;
    }

    private static bool HasDotSegment(string path)
    {
        foreach (var segment in path.AsSpan().Split('/'))
        {
            if (path.AsSpan()[segment] is "." or "..")
            {
                return true;
            }
        }

        return false;
    }

    // An ellipsis within a name is plain text; a segment of nothing but dots is not.
    private static bool HasLookAlike(string path)
    {
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan()[range];
            if (!segment.IsEmpty && !segment.ContainsAnyExcept(DotLookAlikes) && segment.ContainsAnyExcept('.'))
            {
                return true;
            }
        }

        return path.AsSpan().ContainsAny(SeparatorLookAlikes);
    }

    /// <summary>"100%25.jpg" is a name like any other; "%2e%2e" would be a step upwards to a program that decodes twice.</summary>
    private static bool MeansMoreWhenDecodedAgain(string path)
    {
        var separators = path.AsSpan().Count('/');
        for (var decodings = 0; path.Contains('%', StringComparison.Ordinal); decodings++)
        {
            var again = Uri.UnescapeDataString(path);
            if (again == path)
            {
                return false;
            }

            if (decodings == MostDecodings || again.AsSpan().ContainsAny('\0', '\\') || again.AsSpan().Count('/') != separators
                || HasDotSegment(again))
            {
                return true;
            }

            path = again;
        }

        return false;
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

            return PathBytes.ToText(bytes.AsSpan(0, length));
        }
        catch (EncoderFallbackException)
        {
            throw Refusals.Forbidden(reference, "the reference is not valid Unicode text");
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
