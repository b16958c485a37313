using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Client;

/// <summary>Reads complete records between two positions, and none that the writer has not finished.</summary>
internal sealed class SpoolReader(SpoolDirectory directory)
{
    // Room for the largest record and a few hundred ordinary ones.
    private readonly byte[] _buffer = new byte[2 * SpoolFormat.MaxRecord];

    /// <summary>
    /// At most <paramref name="most"/> records from <paramref name="from"/> on, all of one segment; empty when there is none before
    /// <paramref name="end"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">The segment is damaged; the message names the position.</exception>
    public IReadOnlyList<SpoolRecord> Read(SpoolPosition from, SpoolPosition end, int most)
    {
        foreach (var segment in directory.Segments().Where(n => n >= from.Segment && n <= end.Segment))
        {
            var start = segment == from.Segment ? from.Offset : 0;
            var records = ReadSegment(segment, start, segment == end.Segment ? end.Offset : long.MaxValue, most);
            if (records.Count > 0)
            {
                return records;
            }
        }

        return [];
    }

    private List<SpoolRecord> ReadSegment(long segment, long start, long limit, int most)
    {
        using var file = File.OpenHandle(directory.SegmentFile(segment), share: FileShare.ReadWrite | FileShare.Delete);
        var bytes = _buffer.AsMemory(0, Fill(file, start, (int)Math.Clamp(limit - start, 0, _buffer.Length)));
        List<SpoolRecord> records = [];
        for (var at = 0; at < bytes.Length && records.Count < most;)
        {
            var finding = SpoolFormat.Inspect(bytes.Span[at..], out var length);
            if (finding == SpoolFormat.Finding.Incomplete)
            {
                break;
            }

            if (finding == SpoolFormat.Finding.Damaged || SpoolFormat.TryRead(bytes.Slice(at, length)) is not { } read)
            {
                return records.Count > 0 ? records : throw new InvalidDataException($"segment {segment} at {start + at}");
            }

            at += length;
            records.Add(new SpoolRecord(read.Reference, read.Lane, new SpoolPosition(segment, start + at)));
        }

        return records;
    }

    private int Fill(SafeFileHandle file, long start, int wanted)
    {
        var filled = 0;
        while (filled < wanted && RandomAccess.Read(file, _buffer.AsSpan(filled, wanted - filled), start + filled) is var read and > 0)
        {
            filled += read;
        }

        return filled;
    }
}
