using System.Text;
using System.Text.Unicode;
using static PartsWorker.Client.ReferenceRules;

namespace PartsWorker.Client;

/// <summary>The encoding of a message body: UTF-8, with or without a byte order mark. Everything else is refused by its name.</summary>
internal static class BodyEncoding
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>The body without its byte order mark.</summary>
    /// <exception cref="BadMessageException">The body is compressed or not UTF-8; the message names what it is.</exception>
    public static ReadOnlyMemory<byte> RequireUtf8(ReadOnlyMemory<byte> body)
    {
        if (Utf8.IsValid(body.Span) && WideEncoding(body.Span) is null)
        {
            return WithoutMark(body);
        }

        throw Bad("body", NameOf(body.Span) is { } name ? $"is {name}, must be UTF-8" : "is not UTF-8");
    }

    /// <summary>The body as UTF-8 where that can be had, to read what can be read of a message that is refused.</summary>
    public static ReadOnlyMemory<byte> AsUtf8(ReadOnlyMemory<byte> body) =>
        WideEncoding(body.Span) is { } wide ? WithoutMark(Encoding.UTF8.GetBytes(wide.GetString(body.Span))) : WithoutMark(body);

    /// <summary>Whether AMQP's content encoding is not a compression; some clients write <c>utf-8</c> there.</summary>
    public static bool IsPlain(string? contentEncoding) =>
        contentEncoding?.ToUpperInvariant() is null or "" or "UTF-8" or "UTF8" or "IDENTITY" or "BINARY" or "8BIT" or "7BIT" or "US-ASCII";

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body.Span.StartsWith(Mark) ? body[Mark.Length..] : body;

    private static string? NameOf(ReadOnlySpan<byte> body) => body switch
    {
        [0x1F, 0x8B, ..] => "gzip",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
        [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..] => "deflate",
        [0x50, 0x4B, 0x03, 0x04, ..] => "a ZIP file",
        [0xFF, 0xD8, 0xFF, ..] => "a JPEG image",
        [0x89, 0x50, 0x4E, 0x47, ..] => "a PNG image",
        _ => WideEncoding(body) switch { null => null, UnicodeEncoding => "UTF-16", _ => "UTF-32" },
    };

    // By its byte order mark, or by the zeros around the first character, which in JSON is always ASCII.
    private static Encoding? WideEncoding(ReadOnlySpan<byte> body) => body switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [not 0, 0, 0, 0, ..] => new UTF32Encoding(bigEndian: false, byteOrderMark: true),
        [0, 0, 0xFE, 0xFF, ..] or [0, 0, 0, not 0, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [0xFF, 0xFE, ..] or [not 0, 0, not 0, 0, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
        [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
        _ => null,
    };
}
