using System.Globalization;
using PartsWorker.Terminal;

namespace PartsWorker.Publishing;

/// <summary>One line per minute in which the watch published or refused something, and one when it has nothing left to do.</summary>
/// <param name="report">Counts, and takes the lines.</param>
/// <param name="unsent">References that the broker has not confirmed.</param>
/// <param name="time">For the minutes.</param>
internal sealed class WatchMinutes(PublishReport report, Func<long> unsent, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private long _since = time.GetTimestamp();
    private (int Published, int Failed) _before;
    private bool _wasIdle = true;

    /// <param name="unfinished">Files that are not published yet.</param>
    /// <param name="skipped">Files and folders that are left out.</param>
    public void Tick(int unfinished, int skipped)
    {
        var elapsed = time.GetElapsedTime(_since);
        if (elapsed < Minute)
        {
            return;
        }

        var (published, failed) = (report.Published - _before.Published, report.Failed - _before.Failed);
        var idle = published + failed + unfinished == 0 && unsent() == 0;
        if (!idle || !_wasIdle)
        {
            var rate = (published / elapsed.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
            report.Notice(
                $"last minute: {Counted.Of(published, "image")} published ({rate}/s), {failed} failed; {unfinished} not finished, "
                + $"{Counted.Of(unsent(), "reference")} not sent, {skipped} skipped");
        }

        (_since, _before, _wasIdle) = (time.GetTimestamp(), (report.Published, report.Failed), idle);
    }
}
