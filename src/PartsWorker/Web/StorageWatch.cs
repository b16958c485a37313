using PartsWorker.Failures;

namespace PartsWorker.Web;

/// <summary>
/// Distinguishes a broken reference from broken storage. Storage counts as down after <see cref="Row"/> network failures in a row
/// on three different hosts (or all, where fewer are listed): one camera that is switched off must not stop the intake.
/// </summary>
internal sealed class StorageWatch(int configuredHosts)
{
    private const int Row = 8;
    private const int Hosts = 3;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _failing = new(StringComparer.OrdinalIgnoreCase);
    private int _inRow;

    public void Succeeded()
    {
        lock (_lock)
        {
            _inRow = 0;
            _failing.Clear();
        }
    }

    public Recovery Failed(string host)
    {
        lock (_lock)
        {
            _inRow++;
            _failing.Add(host);
            return _inRow >= Row && _failing.Count >= Math.Min(Hosts, configuredHosts) ? Recovery.WithDependency : Recovery.Transient;
        }
    }
}
