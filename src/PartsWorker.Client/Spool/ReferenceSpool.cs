namespace PartsWorker.Client;

/// <summary>
/// A queue of references on disk: append at one end, take from the other; ordered, bounded, and it survives a killed process.
/// </summary>
internal sealed class ReferenceSpool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SpoolOptions _options;
    private readonly SpoolDirectory _directory;
    private readonly SpoolCursor _cursor;
    private readonly SpoolReader _reader;
    private readonly SpoolWriter _writer;
    private readonly ITimer _sync;
    private SpoolPosition _taken;
    private bool _unsynced;

    public ReferenceSpool(SpoolOptions options, TimeProvider time)
    {
        options.Validate();
        _options = options;
        _directory = new SpoolDirectory(options.Directory);
        _cursor = new SpoolCursor(_directory.CursorFile);
        _reader = new SpoolReader(_directory);
        _taken = _cursor.Load() ?? new SpoolPosition(0, 0);
        foreach (var segment in _directory.Segments())
        {
            Recover(segment, withContent: false);
        }

        if (_taken.Segment > 0 && _directory.Segments().Count == 0)
        {
            // The files were deleted by hand. Numbering starts at 1 again, so the old cursor would skip all new segments.
            _taken = new(0, 0);
            _cursor.Save(_taken);
        }

        _writer = new SpoolWriter(_directory, options);
        _sync = time.CreateTimer(_ => Sync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>References not yet confirmed.</summary>
    public long Pending { get; private set; }

    /// <summary>When this returns the reference survives the process.</summary>
    public void Append(ImageReference reference, Lane lane)
    {
        var record = Encode(reference, lane);
        lock (_gate)
        {
            if (_writer.Bytes + record.Length > _options.MaxBytes)
            {
                throw new PublishFailedException(
                    reference.ImageId,
                    $"the spool '{_options.Directory}' is full ({_options.MaxBytes >> 20} MiB): check the connection to RabbitMQ");
            }

            try
            {
                _writer.Append(record);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new PublishFailedException(
                    reference.ImageId, $"the spool '{_options.Directory}' cannot be written: {error.Message}", inner: error);
            }

            Pending++;
            if (!_unsynced && !_options.SyncEach)
            {
                _unsynced = true;
                _sync.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The oldest unconfirmed references of one segment; empty when all are confirmed.</summary>
    public IReadOnlyList<SpoolRecord> Peek(int most)
    {
        lock (_gate)
        {
            try
            {
                return _reader.Read(_taken, _writer.End, most);
            }
            catch (InvalidDataException)
            {
                Repair();
                return _reader.Read(_taken, _writer.End, most);
            }
        }
    }

    /// <summary>The broker has everything up to <paramref name="end"/>; segments before it are removed.</summary>
    public void Take(SpoolPosition end, int count)
    {
        lock (_gate)
        {
            (_taken, Pending) = (end, Pending - count);
            // Before the cursor, which cannot be written while the disk is full: only these files make room again. An older cursor
            // names a segment that is gone, and reading begins with the next one.
            foreach (var segment in _directory.Segments().TakeWhile(n => n < end.Segment))
            {
                File.Delete(_directory.SegmentFile(segment));
            }

            _writer.Recount();
            _cursor.Save(end);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _sync.Dispose();
            _writer.Dispose();
            _directory.Dispose();
        }
    }

    private static byte[] Encode(ImageReference reference, Lane lane)
    {
        try
        {
            return SpoolFormat.Write(reference, lane);
        }
        catch (BadMessageException error)
        {
            throw new PublishFailedException(reference.ImageId, error.Message, isPermanent: true, error);
        }
    }

    private void Recover(long segment, bool withContent)
    {
        if (segment < _taken.Segment)
        {
            File.Delete(_directory.SegmentFile(segment));
            return;
        }

        var from = segment == _taken.Segment ? _taken.Offset : 0;
        var (records, notice) = SegmentRepair.Check(_directory.SegmentFile(segment), from, withContent);
        Pending += records;
        if (notice is not null)
        {
            _options.Notice?.Invoke(notice);
        }
    }

    // The disk was damaged while the process ran, or a record holds no valid reference: close the current segment, then check all of them.
    private void Repair()
    {
        _writer.Roll();
        Pending = 0;
        foreach (var segment in _directory.Segments())
        {
            Recover(segment, withContent: true);
        }

        _writer.Recount();
    }

    private void Sync()
    {
        lock (_gate)
        {
            try
            {
                _unsynced = false;
                _writer.Sync();
            }
            catch (IOException error)
            {
                _options.Notice?.Invoke($"the spool '{_options.Directory}' cannot be synced to disk: {error.Message}");
            }
        }
    }
}
