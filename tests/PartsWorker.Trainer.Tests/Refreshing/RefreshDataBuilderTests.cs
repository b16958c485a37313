using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Refreshing;

public sealed class RefreshDataBuilderTests(TinyParts parts) : IClassFixture<TinyParts>
{
    private readonly ModelBundle _bundle = parts.Bundle(shared: true);

    [Fact]
    public void Recent_reviews_are_held_out_or_trained_on_and_never_both()
    {
        var data = Build(parts.Reviews(1, 60));
        Assert.Equal(60, data.TrainingReviews + data.Recent.Count);
        Assert.InRange(data.Recent.Count, 4, 25);
        Assert.Empty(data.Recent.Select(i => i.Path).Intersect(data.Training.Select(i => i.Path)));
        Assert.Equal(data.Recent, Build([.. parts.Reviews(2, 5), .. Reviewed(data.Recent)]).Recent.Where(i => i.ClassId == 1));
    }

    [Fact]
    public void Older_reviews_and_copies_of_training_images_are_never_held_out()
    {
        var recent = parts.Reviews(1, 60);
        var older = recent.Select(r => r with { CapturedAt = _bundle.Manifest.Created.AddDays(-1) });
        var copies = parts.Base.Images.Select(i => Reviewed([i])[0]);
        Assert.StartsWith(
            "no held-out reviews: 140 images are reviewed",
            Assert.Throws<UserErrorException>(() => Build([.. older, .. copies])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_reviewed_twice_counts_once_with_its_later_class()
    {
        var path = Build(parts.Reviews(1, 60)).Recent[0].Path;
        Review[] both = [.. parts.Reviews(1, 60), Reviewed([new(path, 2)])[0]];
        Assert.Equal(2, Assert.Single(Build(both).Recent, i => i.Path == path).ClassId);
    }

    [Fact]
    public void The_only_image_of_a_new_class_is_trained_on()
    {
        var held = Build(parts.Reviews(1, 60)).Recent;
        var only = Reviewed([held[0]])[0] with { Class = "hook", Color = "bronze", Shape = "formed" };
        var data = Build([only, .. Reviewed(held.Skip(1))]);
        Assert.Equal(["hook"], data.NewClasses);
        Assert.Contains(data.Training, i => i.Path == only.Path && i.ClassId == TinyParts.Known);
    }

    [Fact]
    public void A_frozen_image_that_is_a_copy_of_a_training_image_is_refused_in_one_line()
    {
        var copy = Path.Combine(parts.Folder, "copy.png");
        File.Copy(parts.Base.Images[3].Path, copy, overwrite: true);
        var frozen = parts.Frozen with { Images = [.. parts.Frozen.Images, new(copy, 3)] };
        var error = Assert.Throws<UserErrorException>(() => Build(parts.Reviews(1, 60), frozen: frozen));
        Assert.Equal(
            $"{copy}: the frozen set frozen must never be trained on, but this image is identical to the training image "
                + $"{parts.Base.Images[3].Path}; remove one of them",
            error.Message);
    }

    [Fact]
    public void A_class_of_the_bundle_without_images_is_refused_in_one_line()
    {
        var error = Assert.Throws<UserErrorException>(
            () => Build(parts.Reviews(1, 60), given: parts.Base.Without(new HashSet<int> { 2, 4 })));
        Assert.Contains("knows class \"blue plate\" and 1 more, but there are no images of it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frozen_images_of_classes_that_the_bundle_does_not_know_are_left_out()
    {
        var labels = TinyParts.Labels;
        var frozen = parts.Frozen with
        {
            Labels = labels with { Classes = [.. labels.Classes.Select(c => c.Id == 4 ? c with { Name = "other" } : c)] },
        };
        var data = Build(parts.Reviews(1, 60), frozen: frozen);
        Assert.Equal(parts.Frozen.Images.Where(i => i.ClassId != 4), data.Frozen);
    }

    [Fact]
    public void A_folder_with_another_run_is_refused()
    {
        var folder = Directory.CreateDirectory(Path.Combine(parts.Folder, "other-run")).FullName;
        Assert.Null(RefreshData.Load(folder, "tiny@1"));
        File.WriteAllText(StageRun.CheckpointOf(folder, Stage.One), string.Empty);
        Assert.EndsWith(
            "contains a run of 'train'; choose another --run",
            Assert.Throws<UserErrorException>(() => RefreshData.Load(folder, "tiny@1")).Message,
            StringComparison.Ordinal);
    }

    private RefreshData Build(IReadOnlyList<Review> reviews, DataFolder? given = null, DataFolder? frozen = null) =>
        new RefreshDataBuilder(_bundle, _bundle.Manifest.Created, ReviewSplit.DefaultEvery)
            .Build(given ?? parts.Base, reviews, frozen ?? parts.Frozen);

    private Review[] Reviewed(IEnumerable<LabeledImage> images) =>
    [
        .. images.Select(i => new Review(
            1, i.Path, TinyParts.Labels.Classes[i.ClassId].Name, "red", "plate", _bundle.Manifest.Created.AddHours(1))),
    ];
}
