using PartsWorker.Faults.Audit;

namespace PartsWorker.IntegrationTests.Faults;

/// <summary>An auditor who overlooks an event would make every run look clean.</summary>
public sealed class EventReportTests
{
    private static readonly StoredRow Row = new(Guid.NewGuid(), "parts@1", "washer", "accepted", "live", Shadow: false);

    [Fact]
    public void A_row_with_its_event_is_clean() => Assert.True(Compare(Row, Event()).IsClean);

    [Fact]
    public void A_live_row_without_an_event_is_missing() => Assert.Equal(1, EventReport.Compare([Row], []).Missing);

    [Fact]
    public void Neither_a_shadow_row_nor_a_reprocessed_one_needs_an_event() =>
        Assert.True(EventReport.Compare([Row with { Shadow = true }, Row with { Model = "parts@2", Lane = "reprocess" }], []).IsClean);

    [Fact]
    public void An_event_with_another_class_is_wrong() => Assert.Equal(1, Compare(Row, Event() with { Class = "nut" }).Wrong);

    [Fact]
    public void An_event_with_another_decision_is_wrong() => Assert.Equal(1, Compare(Row, Event() with { Decision = "unknown" }).Wrong);

    [Fact]
    public void An_event_without_a_row_is_wrong() => Assert.Equal(1, EventReport.Compare([], [Event()]).Wrong);

    [Fact]
    public void An_event_of_a_shadow_row_is_wrong() => Assert.Equal(1, Compare(Row with { Shadow = true }, Event()).Wrong);

    [Fact]
    public void Further_copies_are_counted_and_no_error()
    {
        var report = Compare(Row, Event(), Event(), Event());

        Assert.Equal((3, 2, true), (report.Events, report.Repeated, report.IsClean));
    }

    private static EventOfRow Event() => new(Row.ImageId, Row.Model, Row.Class, Row.Decision);

    private static EventReport Compare(StoredRow row, params EventOfRow[] events) => EventReport.Compare([row], events);
}
