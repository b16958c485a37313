using PartsWorker.Client;
using PartsWorker.Demo;

namespace PartsWorker.Tests.Demo;

public sealed class DemoReportTests
{
    private static readonly Guid First = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Second = new("00000000-0000-0000-0000-000000000002");

    [Fact]
    public void The_last_line_counts_images_rows_and_correct_classes()
    {
        var (complete, text) = Print([Sample(First, "Lime"), Sample(Second, "Melon")], [Row(First, "Lime"), Row(Second, null)]);

        Assert.True(complete);
        Assert.EndsWith("demo: images=2 rows=2 correct=1" + Environment.NewLine, text, StringComparison.Ordinal);
        Assert.Contains("(unknown)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_a_row_is_named_and_the_demo_fails()
    {
        var (complete, text) = Print([Sample(First, "Lime"), Sample(Second, "Melon")], [Row(First, "Lime")]);

        Assert.False(complete);
        Assert.Contains("Melon.jpg", text, StringComparison.Ordinal);
        Assert.Contains("no row", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_class_is_shown_with_the_true_class()
    {
        var (_, text) = Print([Sample(First, "Lime")], [Row(First, "Melon")]);

        Assert.Contains("is Lime", text, StringComparison.Ordinal);
    }

    private static (bool Complete, string Text) Print(IReadOnlyList<DemoSample> samples, IReadOnlyList<DemoRow> rows)
    {
        using var output = new StringWriter();
        return (DemoReport.Print(output, "SELECT 1;", samples, rows), output.ToString());
    }

    private static DemoSample Sample(Guid id, string name) =>
        new(
            new ImageReference
            {
                ImageId = id,
                Uri = $"file:///golden/{name}.jpg",
                Line = "demo",
                Camera = "c",
                CapturedAt = DateTimeOffset.UnixEpoch,
            },
            name);

    private static DemoRow Row(Guid id, string? answer) => new(id, "x.jpg", answer, 0.9f, "green", "round", "m@1");
}
