using System.Globalization;
using PartsWorker.References;

namespace PartsWorker.Publishing;

/// <summary>What the watch remembers about a file that it has published.</summary>
/// <param name="Version">Its last known version.</param>
/// <param name="Content">First 128 bits of its SHA-256; 0 where an older version of this program did not record them.</param>
internal sealed record PublishedFile(FileVersion Version, UInt128 Content)
{
    /// <summary>When it was last seen, as a number that rises; the files that are gone for longest have the smallest.</summary>
    public long Seen { get; set; }

    /// <param name="sha256">64 hex digits.</param>
    public static UInt128 ContentOf(string sha256) =>
        UInt128.Parse(sha256.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    public string ToLine(string path) => string.Create(
        CultureInfo.InvariantCulture,
        $"2\t{Version.Length}\t{Version.ModifiedTicks}\t{Version.ChangedTicks}\t{Content:x32}\t{ReferencePath.Encode(path)}");

    /// <returns>Null for a line that a kill or a full disk cut short; its file is published again under the same id.</returns>
    public static (string Path, PublishedFile File)? FromLine(string line) => line.Split('\t') switch
    {
        ["2", var length, var modified, var changed, var content, var path]
            when Number(length, out var bytes) && Number(modified, out var ticks) && Number(changed, out var changedTicks)
            && UInt128.TryParse(content, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash) =>
            (Unescape(path), new PublishedFile(new FileVersion(bytes, ticks, changedTicks), hash)),

        // Version 0.2 and older.
        [var length, var modified, var path] when Number(length, out var bytes) && Number(modified, out var ticks) =>
            (path, new PublishedFile(new FileVersion(bytes, ticks, 0), 0)),
        _ => null,
    };

    private static bool Number(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    // ReferencePath.Decode would refuse paths that no reference may name; here every path is taken.
    private static string Unescape(string path)
    {
        var bytes = new byte[path.Length];
        var length = 0;
        for (var i = 0; i < path.Length; i++, length++)
        {
            if (path[i] == '%' && i + 2 < path.Length && Hex(path.AsSpan(i + 1, 2), out bytes[length]))
            {
                i += 2;
            }
            else
            {
                bytes[length] = (byte)path[i];
            }
        }

        return PathBytes.ToText(bytes.AsSpan(0, length));
    }

    private static bool Hex(ReadOnlySpan<char> digits, out byte value) =>
        byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
