using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class EnrollmentCheckTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-check-enroll-").FullName;
    private readonly ModelBundle _whole = SomeBundle.Open();

    [Fact]
    public void A_class_apart_from_all_others_is_recognized_and_endangers_none()
    {
        var report = Check(_whole, "apart", Made(_whole, i => Axis(i * 0.01f)));
        Assert.Equal((4, 4, false), (report.Recognized, report.LeftOut.Count, report.Known));
        Assert.All(report.LeftOut, p => Assert.InRange(p.Similarity, 0.99, 1));
        Assert.Equal(3, report.Nearest.Count);
        Assert.Equal(report.Nearest.OrderByDescending(c => c.Similarity), report.Nearest);
        Assert.Empty(report.Endangered);
        Assert.Empty(report.Doubts);
    }

    [Fact]
    public void Photos_that_are_unlike_each_other_and_like_other_classes_are_doubtful()
    {
        var (rows, classes) = (GalleryRows.Of(_whole).Rows, _whole.GalleryClasses);
        int[] others = [.. Enumerable.Range(0, rows.Count).DistinctBy(r => classes[r]).Take(4)];
        var report = Check(_whole, "mixed", Made(_whole, i => rows[others[i]]));
        Assert.Equal(0, report.Recognized);
        Assert.Contains("only 0 of 4 photos are recognized from the others", report.Doubts);
        Assert.Equal(_whole.Labels.Classes[classes[others[2]]].Name, report.LeftOut[2].Answer);
    }

    [Fact]
    public void A_class_that_repeats_an_old_one_names_it_as_nearest_and_endangered()
    {
        var twin = _whole.Labels.Classes[SomeBundle.Images(_whole)[0].ClassId];
        var rows = GalleryRows.Of(_whole).Rows.Where((_, r) => _whole.GalleryClasses[r] == twin.Id).Take(4).ToArray();
        var report = Check(_whole, "twin", Made(_whole, i => rows[i]));
        var endangered = report.Endangered.MaxBy(c => c.LostRows)!;
        Assert.Equal((twin.Name, twin.Name), (report.Nearest[0].Name, endangered.Name));
        Assert.InRange(endangered.LostRows, 4, endangered.Rows);
        Assert.Contains(report.Doubts, d => d.StartsWith($"{twin.Name} would lose", StringComparison.Ordinal));
    }

    [Fact]
    public void Golden_images_that_the_new_class_would_answer_are_counted()
    {
        var shown = SomeBundle.Images(_whole)[0];
        var output = Run(_whole, [shown])[0];
        var like = _whole.Labels.Classes[shown.ClassId];
        var report = Check(_whole, "as-golden", Made(_whole, _ => output.Embedding, output), like);
        var lost = Assert.Single(report.Endangered, c => c.LostGolden > 0);
        Assert.Equal((like.Name, 1, 1), (lost.Name, lost.LostGolden, lost.Golden));
        Assert.Contains(report.Doubts, d => d.EndsWith("1 of 1 golden images", StringComparison.Ordinal));
        Assert.Equal((4, 4), (report.Color.Agree, report.Shape.Agree));
    }

    [Fact]
    public void One_photo_of_a_new_class_is_doubtful_and_one_more_of_a_known_class_is_not()
    {
        Assert.Contains("one photo", Assert.Single(Check(_whole, "single", Made(_whole, _ => Axis(0))[..1]).Doubts));

        var image = SomeBundle.Images(_whole)[0];
        var known = Run(_whole, [image]);
        var report = new EnrollmentCheck(_whole, _whole.Labels, [(known[0], known[0])]).Run();
        Assert.True(report.Known);
        Assert.Single(report.LeftOut);
        Assert.Empty(report.Doubts);
    }

    [Fact]
    public void A_class_of_the_labels_without_gallery_rows_counts_as_new()
    {
        var image = SomeBundle.Images(_whole)[0];
        var draft = BundleDraft.From(_whole);
        int[] rows = [.. Enumerable.Range(0, draft.Gallery.Count).Where(r => draft.GalleryClasses[r] != image.ClassId)];
        var bundle = (draft with
        {
            Gallery = [.. rows.Select(r => draft.Gallery[r])],
            GalleryClasses = [.. rows.Select(r => draft.GalleryClasses[r])],
        }).Write(_root, "left-out");
        var photo = Run(bundle, [image])[0];
        var report = new EnrollmentCheck(bundle, bundle.Labels, [(photo, photo)]).Run();
        Assert.False(report.Known);
        Assert.Contains("one photo", Assert.Single(report.Doubts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubtful_enrollment_writes_nothing_and_ends_with_exit_code_1_unless_it_is_told_to_keep_it()
    {
        var bundle = NextVersion.Write(BundleDraft.From(_whole), _root, "1", [.. NextVersion.GoldenImages(_whole)]);
        var photos = Directory.CreateDirectory(Path.Combine(_root, "photos")).FullName;
        foreach (var image in SomeBundle.Images(bundle).DistinctBy(i => i.ClassId).Take(4))
        {
            File.Copy(image.Path, Path.Combine(photos, Path.GetFileName(image.Path)));
        }

        Assert.Equal(1, await Run(bundle, photos));
        Assert.Equal(["1"], Directory.GetDirectories(Path.Combine(_root, bundle.Name)).Select(Path.GetFileName));
        Assert.Equal(0, await Run(bundle, photos, "--keep"));
        Assert.Equal("mixed", ModelBundle.Open(Path.Combine(_root, bundle.Name, "2")).Labels.Classes[^1].Name);
    }

    [Fact]
    public void The_table_shows_what_was_measured_in_one_line_each()
    {
        using var output = new StringWriter();
        EnrollmentTable.Print(
            new()
            {
                Name = "s-hook-bronze",
                Known = false,
                Photos = 3,
                LeftOut = [new("s-hook-bronze", true, false, 0.7), new("s-hook-brass", false, false, 0.5), new("nut", false, false, 0.3)],
                Nearest = [new("s-hook-brass", 0.64), new("nut", 0.2)],
                Color = new("bronze", 1, "brass", 2),
                Shape = new("formed", 3, "formed", 3),
                Endangered = [new("s-hook-brass", 1, 12, 0, 1)],
            },
            output);
        var text = output.ToString();
        Assert.Contains("1 of 3 (0 accepted); the others as s-hook-brass (1), nut (1)", text, StringComparison.Ordinal);
        Assert.Contains("predicted for 1 of 3, brass for 2", text, StringComparison.Ordinal);
        Assert.Contains("predicted for 3 of 3\n", text, StringComparison.Ordinal);
        Assert.Contains("s-hook-brass 0.64, nut 0.20", text, StringComparison.Ordinal);
        Assert.Contains("1 of 12 gallery rows and 0 of 1 golden images of s-hook-brass", text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static EnrollmentReport Check(
        ModelBundle bundle, string name, List<(ImageOutputs Plain, ImageOutputs Averaged)> photos, PartClass? like = null)
    {
        PartClass added = new(bundle.Labels.Classes.Count, name, like?.Color ?? 0, like?.Shape ?? 0);
        var labels = bundle.Labels with { Classes = [.. bundle.Labels.Classes, added] };
        return new EnrollmentCheck(bundle, labels, photos).Run();
    }

    /// <summary>Four photos of a new class with the given embeddings, and with the heads of an image or without any preference.</summary>
    private static List<(ImageOutputs Plain, ImageOutputs Averaged)> Made(
        ModelBundle bundle, Func<int, float[]> embedding, ImageOutputs? heads = null)
    {
        ImageOutputs Photo(int i) => new()
        {
            Path = $"{i}",
            ClassId = bundle.Labels.Classes.Count,
            Embedding = embedding(i),
            Scores = [],
            Indices = [],
            ColorLogits = heads?.ColorLogits ?? new float[bundle.Labels.Colors.Count],
            ShapeLogits = heads?.ShapeLogits ?? new float[bundle.Labels.Shapes.Count],
        };
        return [.. Enumerable.Range(0, 4).Select(i => (Photo(i), Photo(i)))];
    }

    /// <summary>A unit vector far from every gallery row, turned by a small angle.</summary>
    private float[] Axis(float angle)
    {
        var mean = new float[_whole.Manifest.StageOne.EmbeddingSize];
        foreach (var row in GalleryRows.Of(_whole).Rows)
        {
            System.Numerics.Tensors.TensorPrimitives.Subtract(mean, row, mean);
        }

        var vector = UnitVector.Of(mean);
        vector[0] += angle;
        return UnitVector.Of(vector);
    }

    private static List<ImageOutputs> Run(ModelBundle bundle, LabeledImage[] images)
    {
        using var runner = new BundleRunner(bundle, PartsWorker.Inference.ExecutionDevice.Cpu);
        return runner.Run(images, []);
    }

    private static async Task<int> Run(ModelBundle bundle, string photos, params string[] more)
    {
        string[] arguments =
        [
            "enroll", "--bundle", bundle.Directory, "--photos", photos, "--name", "mixed", "--color", bundle.Labels.Colors[0],
            "--shape", bundle.Labels.Shapes[0], "--version-name", "2", "--views", "0", .. more,
        ];
        return await CommandLine.Create().Parse(arguments).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
    }
}
