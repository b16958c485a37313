using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class EnrollmentDrawsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-enroll-").FullName;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hits_of_a_gallery_grown_in_memory_are_those_of_the_version_that_enroll_writes(bool known)
    {
        var bundle = SomeBundle.Open();
        var images = SomeBundle.Images(bundle);
        var like = bundle.Labels.Classes[images[0].ClassId];
        var part = new NewPart(
            known ? like.Name : "brand-new",
            bundle.Labels.Colors[like.Color],
            bundle.Labels.Shapes[like.Shape],
            [.. images[..3].Select(i => i.Path)]);
        var enrollment = new Enrollment(bundle, part);
        var photos = enrollment.Read([]);

        var expected = Run(enrollment.Write(photos, _root, "9", DateTimeOffset.UnixEpoch), images);
        var gallery = GalleryRows.Of(bundle).Enroll(photos.ConvertAll(p => p.Averaged));
        var grown = new EnrolledGallery(bundle, gallery, enrollment.Labels).AddHits(Run(bundle, images));

        Assert.All(expected.Zip(grown), pair =>
        {
            Assert.Equal(pair.First.Indices[..5], pair.Second.Indices[..5]);
            Assert.All(pair.First.Scores.Zip(pair.Second.Scores), s => Assert.Equal(s.First, s.Second, 1e-5));
        });
        Assert.Contains(grown, g => gallery.Classes[(int)g.Indices[0]] == photos[0].Plain.ClassId);
    }

    [Fact]
    public void Classes_enrolled_from_the_tested_images_are_found_and_the_same_seed_gives_the_same_draws()
    {
        var (bundle, images) = WithoutHalfOfTheClasses();
        var outputs = Run(bundle, images);
        var leftOut = LeftOutClasses.Of(bundle.Labels, bundle.GalleryClasses);
        var photos = outputs.Where(o => leftOut.Contains(o.ClassId)).ToArray();

        var result = new EnrollmentDraws(bundle, photos, outputs, seed: 1).Measure(photosPerClass: 1000, draws: 3);

        Assert.Equal(3, result.Count);
        Assert.All(result.Draws, d => Assert.Equal(1, d.EmbedderRecall));
        Assert.All(result.Draws, d => Assert.InRange(d.Recall, 0.5, 1));
        Assert.All(result.Draws, d => Assert.InRange(d.OthersLost, 0, 0.5));
        Assert.Equal(result.Draws, new EnrollmentDraws(bundle, photos, outputs, 1).Measure(1000, 3).Draws);
    }

    [Fact]
    public void Classes_without_images_to_enroll_are_refused()
    {
        var (bundle, images) = WithoutHalfOfTheClasses();
        Assert.Contains(
            "both images to enroll and images to test",
            Assert.Throws<UserErrorException>(() => new EnrollmentDraws(bundle, [], Run(bundle, images), 1).Measure(5, 1)).Message);
    }

    [Fact]
    public void More_photos_of_a_draw_include_the_fewer()
    {
        var (bundle, images) = WithoutHalfOfTheClasses();
        var outputs = Run(bundle, images);
        var leftOut = LeftOutClasses.Of(bundle.Labels, bundle.GalleryClasses);
        var id = leftOut.Order().First(c => outputs.Exists(o => o.ClassId == c));
        var own = outputs.First(o => o.ClassId == id);
        ImageOutputs[] photos = [.. Enumerable.Range(0, 6).Select(i => Turned(own, i))];

        double Similarity(int count) => new EnrollmentDraws(bundle, photos, [own, .. outputs.Where(o => !leftOut.Contains(o.ClassId))], 1)
            .Measure(count, 8).EmbedderRecall.Mean;

        Assert.Equal(1, Similarity(6));
        Assert.InRange(Similarity(1), 0, 0.99);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A photo of the same class that is like the image (0) or like nothing.</summary>
    private static ImageOutputs Turned(ImageOutputs image, int number) => number == 0
        ? image
        : image with { Embedding = UnitVector.Of([.. image.Embedding.Select((x, i) => i % 2 == number % 2 ? -x : x)]) };

    private static List<ImageOutputs> Run(ModelBundle bundle, LabeledImage[] images)
    {
        using var runner = new BundleRunner(bundle, PartsWorker.Inference.ExecutionDevice.Cpu);
        return runner.Run(images, []);
    }

    private (ModelBundle Bundle, LabeledImage[] Images) WithoutHalfOfTheClasses()
    {
        var whole = SomeBundle.Open();
        var leftOut = ClassFolds.LeftOut(whole.Labels, 2, 0);
        var draft = BundleDraft.From(whole);
        var rows = Enumerable.Range(0, draft.Gallery.Count).Where(r => !leftOut.Contains(draft.GalleryClasses[r])).ToArray();
        var half = draft with
        {
            Gallery = [.. rows.Select(r => draft.Gallery[r])],
            GalleryClasses = [.. rows.Select(r => draft.GalleryClasses[r])],
        };
        return (half.Write(_root, "half"), SomeBundle.Images(whole));
    }
}
