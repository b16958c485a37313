using System.Diagnostics.Metrics;
using PartsWorker.Observability;

namespace PartsWorker.Tests.Observability;

public sealed class PipelineMetricsTests
{
    [Fact]
    public void A_clock_that_was_set_back_gives_no_negative_duration()
    {
        // Other tests measure at the same time.
        const string lane = "of this test";
        var durations = new List<double>();
        using var metrics = new PipelineMetrics(new WorkerState(TimeProvider.System));
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "messaging.process.duration")
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new("parts.lane", lane)))
            {
                durations.Add(value);
            }
        });
        listener.Start();

        metrics.Stored(lane, "accepted", TimeSpan.FromSeconds(-2));

        Assert.Equal([0], durations);
    }
}
