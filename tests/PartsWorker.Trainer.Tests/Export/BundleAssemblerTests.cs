using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class BundleAssemblerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-export-").FullName;
    private readonly ModelBundle _old = SomeBundle.Open();

    [Fact]
    public void An_assembled_bundle_verifies_and_recognizes_its_gallery_images()
    {
        var made = Assemble();
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        Assert.True(BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor).Images > 0);
        var outputs = runner.Run(SomeBundle.Images(_old), []);
        Assert.Equal(outputs.Count, made.GalleryClasses.Length);
        Assert.All(outputs, o => Assert.Equal(1, o.Scores[0], 4));
        Assert.Equal(1, new Evaluator(made).Evaluate(made.Key, outputs).Stage1Top1, 2);
        Assert.Equal("12", made.Manifest.Preprocessing.SixteenBit);
        Assert.Contains("## Limits", File.ReadAllText(made.PathOf("MODEL_CARD.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_average_several_views_still_find_their_images()
    {
        var made = Assemble(views: 2);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        var outputs = runner.Run(SomeBundle.Images(_old), []);
        Assert.Contains(outputs, o => o.Scores[0] < 0.999);
        Assert.InRange(new Evaluator(made).Evaluate(made.Key, outputs).Stage1Top1, 0.9, 1);
    }

    [Fact]
    public void Fusion_fitted_on_hard_views_is_less_confident_than_on_easy_ones()
    {
        var images = SomeBundle.Images(_old)[..24];
        var easy = Assemble(views: 0, validation: images, hard: 0);
        var hard = Assemble(views: 0, validation: images, hard: 2);
        Assert.True(hard.Manifest.Fusion.T1 > easy.Manifest.Fusion.T1, $"{hard.Manifest.Fusion.T1} against {easy.Manifest.Fusion.T1}");
    }

    [Fact]
    public void An_enrolled_part_is_found_in_the_new_version_and_the_old_version_is_unchanged()
    {
        var made = Assemble();
        var photo = SomeBundle.Images(_old)[3];
        var part = new NewPart("brand-new", made.Labels.Colors[1], made.Labels.Shapes[0], [photo.Path]);
        var (enrolled, skipped) = new Enrollment(made, part).Run(_root, "2", made.Manifest.Created);
        Assert.Empty(skipped);
        Assert.Equal("brand-new", enrolled.Labels.Classes[^1].Name);
        Assert.True(enrolled.Labels.Classes[^1].Enrolled);
        Assert.Equal(made.GalleryClasses.Length + 1, enrolled.GalleryClasses.Length);
        Assert.Equal(made.GalleryClasses, ModelBundle.Open(made.Directory).GalleryClasses);
        using var runner = new BundleRunner(enrolled, ExecutionDevice.Cpu);
        BundleVerifier.Verify(enrolled, runner.Classifier, runner.Preprocessor);
        var hits = Assert.Single(runner.Run([photo], [])).Indices;
        Assert.Contains(enrolled.GalleryClasses.Length - 1L, hits.Take(2));
    }

    [Fact]
    public void An_unknown_color_is_rejected_with_a_list_of_the_known_ones()
    {
        var made = Assemble();
        var part = new NewPart("x", "ultraviolet", made.Labels.Shapes[0], [SomeBundle.Images(_old)[0].Path]);
        var error = Assert.Throws<UserErrorException>(() => new Enrollment(made, part).Run(_root, "3", made.Manifest.Created));
        Assert.Contains(made.Labels.Colors[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rewriting_a_gallery_keeps_the_answers_of_the_old_one()
    {
        var draft = BundleDraft.From(_old);
        Assert.Equal(_old.GalleryClasses.Length, draft.Gallery.Count);
        using var before = new BundleRunner(_old, ExecutionDevice.Cpu);
        using var after = new BundleRunner(draft.Write(_root, "copy"), ExecutionDevice.Cpu);
        var images = SomeBundle.Images(_old).Take(5).ToArray();
        Assert.Equal(before.Run(images, []).Select(o => o.Indices[0]), after.Run(images, []).Select(o => o.Indices[0]));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private ModelBundle Assemble(int views = 0, LabeledImage[]? validation = null, int hard = 0)
    {
        var stageOne = File.ReadAllBytes(_old.PathOf("stage1.onnx"));
        return new BundleAssembler(new()
        {
            ModelsRoot = _root,
            Name = "assembled",
            Version = $"{views}.{hard}",
            StageOne = stageOne,
            StageTwo = File.ReadAllBytes(_old.PathOf("stage2.onnx")),
            EmbeddingSize = _old.Manifest.StageOne.EmbeddingSize,
            InputSize = _old.Manifest.Preprocessing.Size,
            SixteenBit = "12",
            Labels = _old.Labels,
            Training = SomeBundle.Images(_old),
            Validation = validation ?? [],
            License = "as the images",
            GalleryViews = views,
            CalibrationViews = hard,
            GoldenImages = 3,
        }).Run();
    }
}
