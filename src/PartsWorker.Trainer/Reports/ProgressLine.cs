using System.Diagnostics;

namespace PartsWorker.Trainer.Reports;

/// <summary>
/// Progress of a known number of items: a bar that redraws itself on a terminal, a plain line every ten per cent where output is
/// redirected. Written to standard error, so that results on standard output stay clean.
/// </summary>
internal sealed class ProgressLine(string what, int total) : IProgress<int>, IDisposable
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
                Draw();
            }
            else if (!_terminal && (long)_done * 10 / Math.Max(total, 1) > _lastTenth)
            {
                Plain();
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

    private void Draw()
    {
        _lastDrawn = _watch.Elapsed;
        var rate = _done / Math.Max(_watch.Elapsed.TotalSeconds, 1e-3);
        var filled = (int)(30L * _done / Math.Max(total, 1));
        var left = TimeSpan.FromSeconds((total - _done) / Math.Max(rate, 1e-3));
        Console.Error.Write(
            $"\r{what} [{new string('#', filled)}{new string('.', 30 - filled)}] {_done}/{total}  {rate:0}/s  {left:hh\\:mm\\:ss} "
                + $"left\e[K");
    }

    private void Plain()
    {
        _lastTenth = (int)((long)_done * 10 / total);
        Console.Error.WriteLine($"{what}: {_done}/{total}");
    }
}
