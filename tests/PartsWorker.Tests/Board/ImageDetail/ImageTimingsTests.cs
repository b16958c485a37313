using PartsWorker.Board.ImageDetail;

namespace PartsWorker.Tests.Board.ImageDetail;

public class ImageTimingsTests
{
    private static readonly DateTimeOffset Captured = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_moment_has_the_time_since_the_one_before_and_since_capture()
    {
        var moments = ImageTimings.Of(
            Image(published: Captured.AddSeconds(1)), [Row(Captured.AddSeconds(90)), Row(Captured.AddSeconds(3))]);

        Assert.Equal(
            [("captured", "", ""), ("published", "1.0 s", "1.0 s"),
                ("received by a worker", "2.0 s", "3.0 s"), ("stored", "1.0 s", "4.0 s")],
            moments.Select(moment => (moment.Name, ImageTimings.Text(moment.SincePrevious), ImageTimings.Text(moment.SinceCapture))));
    }

    [Fact]
    public void A_moment_that_is_not_known_is_left_out() =>
        Assert.Equal(["captured", "stored"], ImageTimings.Of(Image(published: null), []).Select(moment => moment.Name));

    [Fact]
    public void Clocks_that_differ_give_a_negative_time() => Assert.Equal("-1.5 s", ImageTimings.Text(TimeSpan.FromSeconds(-1.5)));

    [Theory]
    [InlineData("""[{"class": "bolt", "confidence": 0.9, "similarity": 0.8}, null]""", 1)]
    [InlineData("""{"class": "bolt"}""", 0)]
    [InlineData("""[{"class": 5}]""", 0)]
    [InlineData("[]", 0)]
    public void Candidates_of_another_shape_are_left_out(string json, int expected) =>
        Assert.Equal(expected, ImageQueries.Candidates(json).Count);

    [Theory]
    [InlineData("int8", 3.84f, "3.8 ms in int8")]
    [InlineData(null, 12f, "12.0 ms")]
    [InlineData("fp32", null, "fp32")]
    [InlineData(null, null, null)]
    public void The_time_of_the_model_names_its_precision(string? precision, float? ms, string? expected) =>
        Assert.Equal(expected, (Row(Captured) with { Precision = precision, ModelMs = ms }).ModelTime);

    private static ImageRow Image(DateTimeOffset? published) =>
        new(Guid.Empty, Captured, "A", "cam-1", "file:///a.jpg", null, null, 1, 1, published, Captured.AddSeconds(4), null);

    private static ClassificationRow Row(DateTimeOffset received) => new(
        "parts@1", true, false, "live", "accepted", "bolt", 0.9f, ("red", 0.9f), ("round", 0.9f), 0.9f, "bolt",
        ("bolt", "both"), [], null, 1,
        "w", received, received.AddSeconds(1), null, null);
}
