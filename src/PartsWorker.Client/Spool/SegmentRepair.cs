namespace PartsWorker.Client;

/// <summary>
/// Checks one closed segment. An incomplete record at its end was never acknowledged and is cut off. Anything else that is not a valid
/// record is damage: the file is kept under another name for inspection, and its valid records are written to a new file of the same name.
/// </summary>
internal static class SegmentRepair
{
    /// <param name="file">The segment.</param>
    /// <param name="from">What comes before this byte is already sent.</param>
    /// <param name="withContent">Read each reference as well, which takes longer than its checksum.</param>
    /// <returns>The number of valid records from <paramref name="from"/> on, and one line if the segment was damaged.</returns>
    public static (int Records, string? Notice) Check(string file, long from, bool withContent)
    {
        var bytes = File.ReadAllBytes(file);
        var start = (int)Math.Min(from, bytes.Length);
        var (good, firstDamage) = Scan(bytes, start, withContent);
        if (firstDamage is null)
        {
            var end = good.Count == 0 ? start : good[^1].End;
            if (end < bytes.Length)
            {
                using var segment = new FileStream(file, FileMode.Open, FileAccess.Write);
                segment.SetLength(end);
            }

            return (good.Count, null);
        }

        SetAside(file, bytes, start, good);
        var name = Path.GetFileName(file);
        return (good.Count, $"spool file {name} is damaged at byte {firstDamage}: its {good.Count} valid references will be sent; "
            + $"the damaged file is kept as {name}.damaged");
    }

    private static (List<(int Start, int End)> Good, int? FirstDamage) Scan(byte[] bytes, int start, bool withContent)
    {
        List<(int Start, int End)> good = [];
        int? damage = null;
        int? open = null;
        for (var at = start; at < bytes.Length;)
        {
            var finding = Inspect(bytes, at, withContent, out var length);
            if (finding == SpoolFormat.Finding.Record)
            {
                // An incomplete record followed by a valid one was not caused by a crash.
                damage ??= open;
                good.Add((at, at + length));
                at += length;
                continue;
            }

            if (finding == SpoolFormat.Finding.Damaged && open is null)
            {
                damage ??= at;
            }

            open ??= at;
            at++;
        }

        return (good, damage);
    }

    private static SpoolFormat.Finding Inspect(byte[] bytes, int at, bool withContent, out int length)
    {
        var finding = SpoolFormat.Inspect(bytes.AsSpan(at), out length);
        return finding == SpoolFormat.Finding.Record && withContent && SpoolFormat.TryRead(bytes.AsMemory(at, length)) is null
            ? SpoolFormat.Finding.Damaged : finding;
    }

    private static void SetAside(string file, byte[] bytes, int start, List<(int Start, int End)> good)
    {
        var repaired = file + ".repaired";
        using (var output = new FileStream(repaired, FileMode.Create, FileAccess.Write))
        {
            // Records before the cursor are already sent; they are kept so that offsets stay valid.
            output.Write(bytes, 0, start);
            foreach (var (from, to) in good)
            {
                output.Write(bytes, from, to - from);
            }

            output.Flush(flushToDisk: true);
        }

        File.Copy(file, file + ".damaged", overwrite: true);
        File.Move(repaired, file, overwrite: true);
    }
}
