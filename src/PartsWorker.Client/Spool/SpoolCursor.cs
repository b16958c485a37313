using System.Globalization;

namespace PartsWorker.Client;

/// <summary>
/// The position up to which the broker has confirmed the spool. The file is replaced as a whole, never edited; with an older cursor, or
/// none, some references are only sent again.
/// </summary>
internal sealed class SpoolCursor(string file)
{
    public SpoolPosition? Load()
    {
        if (!File.Exists(file))
        {
            return null;
        }

        return File.ReadAllText(file).Split(' ') is [var segment, var offset, "end"]
            && long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new SpoolPosition(number, bytes)
            : null;
    }

    public void Save(SpoolPosition position)
    {
        var next = file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{position.Segment} {position.Offset} end"));
        File.Move(next, file, overwrite: true);
    }
}
