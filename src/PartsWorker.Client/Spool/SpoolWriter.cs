namespace PartsWorker.Client;

/// <summary>Appends records to the newest segment and begins a new one when it is full. Callers hold the spool's lock.</summary>
internal sealed class SpoolWriter : IDisposable
{
    private readonly SpoolDirectory _directory;
    private readonly SpoolOptions _options;
    private FileStream? _segment;
    private long _number;
    private long _length;

    public SpoolWriter(SpoolDirectory directory, SpoolOptions options)
    {
        (_directory, _options) = (directory, options);

        // Appending begins with a new file: an incomplete record of an earlier process stays in the previous one.
        if (directory.Segments() is [.., var newest])
        {
            (_number, _length) = (newest, new FileInfo(directory.SegmentFile(newest)).Length);
        }

        Recount();
    }

    /// <summary>The position after the last complete record.</summary>
    public SpoolPosition End => new(_number, _length);

    /// <summary>Bytes of all segments on disk.</summary>
    public long Bytes { get; private set; }

    public void Append(byte[] record)
    {
        if (_segment is null || (_length > 0 && _length + record.Length > _options.SegmentBytes))
        {
            Roll();
        }

        try
        {
            _segment!.Write(record);
            _segment.Flush(flushToDisk: _options.SyncEach);
        }
        catch (IOException)
        {
            // A full disk leaves an incomplete record; the next record must not follow it.
            _segment!.SetLength(_length);
            _segment.Position = _length;
            throw;
        }

        _length += record.Length;
        Bytes += record.Length;
    }

    public void Sync() => _segment?.Flush(flushToDisk: true);

    /// <summary>Ends the current segment, so that it may be repaired or removed.</summary>
    public void Roll()
    {
        Close();
        var number = _number + 1;
        _segment = new FileStream(_directory.SegmentFile(number), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        (_number, _length) = (number, 0);
    }

    public void Recount() => Bytes = _directory.BytesOnDisk();

    public void Dispose() => Close();

    private void Close()
    {
        Sync();
        _segment?.Dispose();
        _segment = null;
    }
}
