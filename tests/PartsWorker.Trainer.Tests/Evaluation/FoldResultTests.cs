using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Tests.Data;

namespace PartsWorker.Trainer.Tests.Evaluation;

public sealed class FoldResultTests
{
    private static readonly IReadOnlySet<int> LeftOut = new HashSet<int> { 2 };

    private static readonly ClassifiedImage[] Answers =
    [
        SomeAnswers.Of(0, 0, 0.9, similarity: 0.8),
        SomeAnswers.Of(0, 1, 0.6, accepted: false, similarity: 0.7),
        SomeAnswers.Of(1, 1, 0.8, similarity: 0.9),
        SomeAnswers.Of(1, 1, 0.7, similarity: 0.6),
        SomeAnswers.Of(2, 0, 0.65, similarity: 0.1),
        SomeAnswers.Of(2, 1, 0.1, accepted: false, similarity: 0.2),
    ];

    [Fact]
    public void Known_and_left_out_classes_are_measured_apart()
    {
        var result = FoldResult.Of(2, "parts@1", Answers, LeftOut);
        Assert.Equal((4, 2, 1), (result.KnownImages, result.UnknownImages, result.LeftOutClasses));
        Assert.Equal((0.75, 0.25, 0.5), (result.KnownTop1, result.FalseAlarms, result.UnknownAccepted));
        Assert.Equal(7 / 8.0, result.UnknownAuroc["confidence"], 12);
        Assert.Equal(1, result.UnknownAuroc["similarity"], 12);
        Assert.Null(result.Junk);
    }

    [Fact]
    public void Data_without_images_of_left_out_classes_is_refused() =>
        Assert.Contains(
            "no images of the classes that it left out",
            Assert.Throws<UserErrorException>(() => FoldResult.Of(2, "parts@1", Answers[..4], LeftOut)).Message);

    [Fact]
    public void Junk_is_measured_per_kind_and_against_the_known_classes_only()
    {
        ClassifiedImage[] junk =
        [
            SomeAnswers.Of(JunkFolder.NoClass, 0, 0.65, path: "junk/hand/0.jpg"),
            SomeAnswers.Of(JunkFolder.NoClass, 0, 0.05, accepted: false, path: "junk/hand/1.jpg"),
            SomeAnswers.Of(JunkFolder.NoClass, 1, 0.05, accepted: false, path: "junk/foil/0.jpg"),
        ];
        var result = FoldResult.Of(2, "parts@1", Answers, LeftOut, junk).Junk!;
        Assert.Equal((3, 1 / 3.0), (result.Images, result.Accepted));
        Assert.Equal([("foil", 0.0), ("hand", 0.5)], result.AcceptedByKind.Select(k => (k.Key, k.Value)));
        Assert.Equal(11 / 12.0, result.Auroc["confidence"], 12);
    }

    [Fact]
    public void Means_are_over_folds_and_draws_over_all_folds()
    {
        var one = FoldResult.Of(0, "parts@1", Answers, LeftOut) with { Enrolled = [new(5, [new(1, 0.5, 0, 0.02)])] };
        var two = one with { FalseAlarms = 0.05, Enrolled = [new(5, [new(0.5, 0.5, 0, 0)])] };
        var result = new FoldsResult { Folds = [one, two] };
        Assert.Equal(0.15, result.FalseAlarms, 12);
        Assert.Equal(7 / 8.0, result.UnknownAuroc["confidence"], 12);
        var enrolled = Assert.Single(result.Enrolled!);
        Assert.Equal((5, 2, 0.75, 0.01), (enrolled.Photos, enrolled.Count, enrolled.Recall.Mean, enrolled.OthersLost.Mean));
        Assert.Equal(Math.Sqrt(0.125), enrolled.Recall.Deviation, 12);
        Assert.Contains("\"false_alarms\": 0.15", result.ToJson());
    }

    [Fact]
    public void The_fold_of_a_bundle_is_that_of_the_classes_without_gallery_rows() =>
        Assert.Equal(1, Find([0, 0, 2, 3], "fold 1 of 3"));

    [Fact]
    public void A_bundle_whose_missing_classes_are_not_a_fold_is_refused() =>
        Assert.Contains(
            "1 of 5 classes have no gallery row", Assert.Throws<UserErrorException>(() => Find([0, 1, 2, 3], null)).Message);

    [Fact]
    public void A_bundle_whose_networks_left_out_another_fold_is_refused() =>
        Assert.Contains(
            "lacks fold 1 of 3, but its networks were trained without fold 0 of 3",
            Assert.Throws<UserErrorException>(() => Find([0, 2, 3], "fold 0 of 3")).Message);

    [Fact]
    public void Two_bundles_of_the_same_fold_are_refused() =>
        Assert.Contains(
            "fold 1 of 3 is left out by more than one bundle: a@1, c@1",
            Assert.Throws<UserErrorException>(() => LeftOutClasses.RequireDistinct(["a@1", "b@1", "c@1"], [1, 0, 1], 3)).Message);

    [Fact]
    public void Fewer_bundles_than_folds_are_refused() =>
        Assert.Contains("needs 4 bundles", Assert.Throws<UserErrorException>(() => LeftOutClasses.FindFolds([], 4)).Message);

    private static int Find(int[] galleryClasses, string? recorded)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        if (recorded is not null)
        {
            data[ClassFolds.DataKey] = recorded;
        }

        return LeftOutClasses.FindFold("parts@1", SomeData.Labels("a", "b", "c", "d", "e"), galleryClasses, data, 3);
    }
}
