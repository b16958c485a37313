namespace PartsWorker.Client;

/// <summary>One spooled reference, and the position after it.</summary>
internal sealed record SpoolRecord(ImageReference Reference, Lane Lane, SpoolPosition End);

/// <summary>A position in the spool: segment number and byte offset in that file.</summary>
internal sealed record SpoolPosition(long Segment, long Offset);
