namespace PartsWorker.Harness.Processes;

/// <summary>Appends lines to a file that several processes may share; drops lines that arrive after it is closed.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
    {
        AutoFlush = true,
    };

    private bool _isClosed;

    public void Write(string line)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _writer.WriteLine(line);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _writer.Dispose();
        }
    }
}
