using System.Diagnostics;

namespace PartsWorker.Trainer.Reports;

/// <summary>
/// Progress over a known number of items on standard error: a progress bar on a terminal, otherwise one line for every ten percent.
/// Standard output contains results only.
/// </summary>
internal sealed class ProgressLine(string activity, int total) : IProgress<int>, IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(150);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private TimeSpan _lastDrawn;
    private int _lastTenth;
    private int _done;

    public void Report(int value)
    {
        lock (_lock)
        {
            _done = Math.Max(_done, value);
            if (_terminal && (_watch.Elapsed - _lastDrawn > Redraw || _done == total))
            {
                WriteBar();
            }
            else if (!_terminal && (long)_done * 10 / Math.Max(total, 1) > _lastTenth)
            {
                WriteLine();
            }
        }
    }

    public void Dispose()
    {
        if (_terminal)
        {
            Console.Error.Write("\r\e[K");
        }
    }

    private void WriteBar()
    {
        _lastDrawn = _watch.Elapsed;
        var rate = _done / Math.Max(_watch.Elapsed.TotalSeconds, 1e-3);
        var filled = (int)(30L * _done / Math.Max(total, 1));
        var left = TimeSpan.FromSeconds((total - _done) / Math.Max(rate, 1e-3));
        Console.Error.Write(
            $"\r{activity} [{new string('#', filled)}{new string('.', 30 - filled)}] {_done}/{total}  {rate:0}/s  {left:hh\\:mm\\:ss} "
                + $"left\e[K");
    }

    private void WriteLine()
    {
        _lastTenth = (int)((long)_done * 10 / total);
        Console.Error.WriteLine($"{activity}: {_done}/{total}");
    }
}
