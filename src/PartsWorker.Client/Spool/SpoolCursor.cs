using System.Globalization;

namespace PartsWorker.Client;

/// <summary>
/// How far the spool has been taken by the broker. Replaced as a whole, never edited; an older cursor, or none,
/// only means that some references are sent once more.
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
