using Microsoft.Extensions.Time.Testing;
using PartsWorker.Publishing;

namespace PartsWorker.Tests.Publishing;

public sealed class WatchMinutesTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly StringWriter _lines = new();
    private readonly PublishReport _report;
    private readonly WatchMinutes _minutes;
    private long _unsent;

    public WatchMinutesTests()
    {
        _report = new PublishReport(TextWriter.Null, _lines, json: false);
        _minutes = new WatchMinutes(_report, () => _unsent, _clock);
    }

    public void Dispose() => _lines.Dispose();

    [Fact]
    public void A_minute_of_work_is_one_line_and_the_first_idle_minute_the_last_one()
    {
        Publish(120);
        Pass(59);
        Assert.Equal("", Lines());

        Pass(1);
        Assert.Equal(
            "partsworker: last minute: 120 images published (2.0/s), 0 failed; 0 not finished, 0 references not sent, 3 skipped\n",
            Lines());

        Pass(180);
        Assert.Equal(
            "partsworker: last minute: 0 images published (0.0/s), 0 failed; 0 not finished, 0 references not sent, 3 skipped\n", Lines());
    }

    [Fact]
    public void References_that_the_broker_has_not_taken_keep_the_lines_coming()
    {
        _unsent = 1;
        Pass(120);

        Assert.Equal(2, Lines().Split("1 reference not sent").Length - 1);
    }

    private void Publish(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _report.Done(new PublishFile("/a.jpg", "/", _clock.GetUtcNow()), Support.Some.Reference());
        }
    }

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _minutes.Tick(unfinished: 0, skipped: 3);
        }
    }

    private string Lines()
    {
        var text = _lines.ToString();
        _lines.GetStringBuilder().Clear();
        return text;
    }
}
