using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace PartsWorker.References;

/// <summary>
/// Paths as text without losing bytes: on Linux a name is any bytes but '/' and NUL, and the base library replaces what is not UTF-8 by
/// U+FFFD, so that such a file can no longer be opened. Here each of these bytes is a lone surrogate, U+DC80 to U+DCFF.
/// </summary>
internal static class PathBytes
{
    private const int Escape = 0xDC00;

    public static string ToText(ReadOnlySpan<byte> path)
    {
        if (Utf8.IsValid(path))
        {
            return Encoding.UTF8.GetString(path);
        }

        var text = new StringBuilder(path.Length);
        while (!path.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(path, out var rune, out var used) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var value in path[..used])
                {
                    text.Append((char)(Escape | value));
                }
            }

            path = path[used..];
        }

        return text.ToString();
    }

    /// <returns>The bytes of the path, without a final NUL.</returns>
    public static byte[] FromText(ReadOnlySpan<char> path)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length)];
        var length = 0;
        while (!path.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(path, out var rune, out var used);
            if (status != OperationStatus.Done && IsByte(path[0]))
            {
                bytes[length++] = (byte)path[0];
            }
            else
            {
                length += rune.EncodeToUtf8(bytes.AsSpan(length));
            }

            path = path[used..];
        }

        return bytes[..length];
    }

    /// <returns>The bytes of the path and a final NUL, as the system expects them.</returns>
    public static byte[] ToSystem(string path)
    {
        if (path.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
        {
            return [.. FromText(path), 0];
        }

        var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }

    /// <summary>Whether the path is text, so that it can be a key of an object store or part of a web address.</summary>
    public static bool IsText(string path) => !path.Any(IsByte) || Utf8.IsValid(FromText(path));

    /// <returns>The path as a terminal or log may show it, such as <c>teil_\xFC.jpg</c> or <c>a\u000Ab.jpg</c>.</returns>
    public static string Printable(string path)
    {
        if (IsText(path) && !path.Any(char.IsControl))
        {
            return path;
        }

        var text = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            var isPair = char.IsHighSurrogate(path[i]) && i + 1 < path.Length && char.IsLowSurrogate(path[i + 1]);
            _ = isPair ? text.Append(path, i++, 2)
                : IsByte(path[i]) ? text.Append($"\\x{path[i] & 0xFF:X2}")
                : char.IsControl(path[i]) || char.IsSurrogate(path[i]) ? text.Append($"\\u{(int)path[i]:X4}")
                : text.Append(path[i]);
        }

        return text.ToString();
    }

    // A low surrogate of a pair is in the same range; callers read pairs as one.
    private static bool IsByte(char value) => value is >= '\uDC80' and <= '\uDCFF';
}
