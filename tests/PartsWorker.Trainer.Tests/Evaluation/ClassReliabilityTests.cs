using System.Text.Json;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Tests.Data;

namespace PartsWorker.Trainer.Tests.Evaluation;

public class ClassReliabilityTests
{
    private static readonly ClassifiedImage[] Answers =
    [
        SomeAnswers.Of(0, 0, 0.9),
        SomeAnswers.Of(1, 2, 0.8),
        SomeAnswers.Of(1, 2, 0.6),
        SomeAnswers.Of(1, 0, 0.4, accepted: false),
        SomeAnswers.Of(1, 1, 0.6),
    ];

    [Fact]
    public void A_class_has_its_accuracy_mean_confidence_gap_and_most_frequent_wrong_answer()
    {
        var classes = ClassReliability.Of(Answers, SomeData.Labels("bolt", "nut", "gear"));
        Assert.Equal(["nut", "bolt"], classes.Select(c => c.Name));
        Assert.Equal((4, 0.25, "gear (2)"), (classes[0].Images, classes[0].Accuracy, classes[0].Confusion));
        Assert.Equal((0.6, 0.35), (Math.Round(classes[0].MeanConfidence, 12), Math.Round(classes[0].Gap, 12)));
        Assert.Equal([0.25, 0], classes.Select(c => c.UnknownRate));
        Assert.Equal((-0.1, string.Empty), (Math.Round(classes[1].Gap, 12), classes[1].Confusion));
    }

    [Fact]
    public void The_JSON_has_the_documented_names()
    {
        var json = JsonSerializer.Serialize(
            ClassReliability.Of(Answers, SomeData.Labels("bolt", "nut", "gear")), JsonSerializerOptions.Web);
        using var read = JsonDocument.Parse(json);
        Assert.Equal(
            ["class", "images", "accuracy", "mean_confidence", "gap", "unknown_rate", "confused_with", "confused_images"],
            read.RootElement[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ["class", "images", "accuracy", "mean_confidence", "gap", "unknown_rate"],
            read.RootElement[1].EnumerateObject().Select(p => p.Name));
    }
}
