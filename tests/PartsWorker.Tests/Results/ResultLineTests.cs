using PartsWorker.Client;
using PartsWorker.Results;

namespace PartsWorker.Tests.Results;

public sealed class ResultLineTests
{
    private static readonly ClassificationResult Result = new()
    {
        ImageId = Guid.Parse("0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10"),
        Model = "parts@1",
        Line = "A",
        Camera = "cam-3",
        CapturedAt = new DateTimeOffset(2026, 11, 21, 8, 0, 0, 250, TimeSpan.FromHours(2)),
        Lane = Lane.Live,
        Decision = "accepted",
        Class = "washer",
        Confidence = 0.9f,
        Color = "red",
        ColorConfidence = 0.8f,
        Shape = "round",
        ShapeConfidence = 0.7f,
        Top5 = [new ResultCandidate("nut", 0.4, 0.5)],
        ReceivedAt = default,
        StoredAt = default,
    };

    [Fact]
    public void A_line_holds_what_a_person_needs() => Assert.Equal(
        "2026-11-21T06:00:00.250Z  A  cam-3  accepted  washer 0.900  red 0.800  round 0.700  parts@1  0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10",
        ResultLine.Text(Result));

    [Fact]
    public void An_unknown_part_shows_its_best_candidate_as_a_question() =>
        Assert.Contains(
            "unknown   (nut?) 0.900", ResultLine.Text(Result with { Class = null, Decision = "unknown" }), StringComparison.Ordinal);

    [Fact]
    public void A_class_name_cannot_control_the_terminal() =>
        Assert.Contains("  ?[31mwasher? 0.900", ResultLine.Text(Result with { Class = "\e[31mwasher\n" }), StringComparison.Ordinal);

    [Fact]
    public void Json_is_the_event_on_one_line()
    {
        var line = ResultLine.Json(Result);

        Assert.DoesNotContain('\n', line);
        Assert.Equal("washer", ClassificationResultCodec.Decode(System.Text.Encoding.UTF8.GetBytes(line)).Class);
    }
}
