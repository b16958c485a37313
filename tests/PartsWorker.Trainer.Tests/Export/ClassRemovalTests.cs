using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class ClassRemovalTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-remove-").FullName;
    private readonly ModelBundle _old = SomeBundle.Open();

    [Fact]
    public void A_removed_class_leaves_labels_gallery_and_golden_images_and_the_old_version_is_unchanged()
    {
        var (name, id) = Shown();
        var made = Remove(name);

        Assert.DoesNotContain(made.Labels.Classes, c => c.Name == name);
        Assert.Equal(_old.Labels.Classes.Count - 1, made.Labels.Classes.Count);
        Assert.Equal(_old.GalleryClasses.Count(c => c != id), made.GalleryClasses.Length);
        Assert.Equal(SomeBundle.Images(_old).Count(i => i.ClassId != id), made.ReadGolden().Images.Count);
        Assert.Contains($"removed {name}", File.ReadAllText(made.PathOf("MODEL_CARD.md")), StringComparison.Ordinal);
        Assert.Equal(_old.GalleryClasses, ModelBundle.Open(_old.Directory).GalleryClasses);
    }

    [Fact]
    public void Every_other_class_keeps_its_name_its_rows_and_its_golden_images_under_its_new_id()
    {
        var (name, id) = Shown();
        var made = Remove(name);

        Assert.Equal(Rows(_old).Where(r => r.Name != name), Rows(made));
        Assert.Equal(
            SomeBundle.Images(_old).Where(i => i.ClassId != id).Select(i => _old.Labels.Classes[i.ClassId].Name),
            SomeBundle.Images(made).Select(i => made.Labels.Classes[i.ClassId].Name));
        Assert.All(made.Labels.Classes, c => Assert.Equal(_old.Labels.Classes.Single(o => o.Name == c.Name) with { Id = c.Id }, c));
    }

    [Fact]
    public void The_new_version_verifies_and_never_answers_with_the_removed_class()
    {
        var (name, _) = Shown();
        var made = Remove(name);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);

        Assert.True(BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor).Images > 0);
        var answers = runner.Run(SomeBundle.Images(made), []).ConvertAll(new Evaluator(made).Classify);
        Assert.InRange(answers.Count(a => a.Right) / (double)answers.Count, 0.9, 1);
    }

    [Fact]
    public void A_class_that_is_enrolled_again_is_no_longer_recorded_as_removed()
    {
        var (name, id) = Shown();
        var made = Remove(name);
        var part = new NewPart(
            name, _old.Labels.Colors[_old.Labels.Classes[id].Color], _old.Labels.Shapes[_old.Labels.Classes[id].Shape],
            [SomeBundle.Images(_old).First(i => i.ClassId == id).Path]);
        var (again, _) = new Enrollment(made, part).Run(_root, "again", DateTimeOffset.UnixEpoch);
        Assert.DoesNotContain($"removed {name}", again.Manifest.Data.Keys);

        var gone = new ClassRemoval(again, [name]).Write(_root, "gone", DateTimeOffset.UnixEpoch);
        Assert.DoesNotContain($"enrolled {name}", gone.Manifest.Data.Keys);
    }

    [Fact]
    public void An_unknown_class_is_refused_in_one_line_with_similar_names()
    {
        var name = _old.Labels.Classes[5].Name;
        var error = Assert.Throws<UserErrorException>(() => new ClassRemoval(_old, [name[..^1]]));
        Assert.Equal(2, error.ExitCode);
        Assert.Contains($"has no class \"{name[..^1]}\"; similar names: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void The_last_class_cannot_be_removed() => Assert.Contains(
        "at least one class",
        Assert.Throws<UserErrorException>(() => new ClassRemoval(_old, _old.Labels.Classes.Select(c => c.Name))).Message);

    [Fact]
    public void A_bundle_keeps_at_least_one_golden_image()
    {
        var shown = SomeBundle.Images(_old).Select(i => _old.Labels.Classes[i.ClassId].Name).Distinct();
        Assert.Contains(
            "without golden images cannot be verified", Assert.Throws<UserErrorException>(() => new ClassRemoval(_old, shown)).Message);
    }

    [Fact]
    public void The_threshold_of_a_removed_class_goes_with_it()
    {
        var (gone, kept) = (_old.Labels.Classes[0].Name, _old.Labels.Classes[1].Name);
        var draft = BundleDraft.From(_old);
        var own = new Dictionary<string, double>(StringComparer.Ordinal) { [gone] = -1, [kept] = -2 };
        draft = draft with { Manifest = draft.Manifest with { Detector = _old.Manifest.Detector! with { ClassThresholds = own } } };
        var whole = NextVersion.Write(draft, _root, "own", [.. NextVersion.GoldenImages(_old)]);

        var made = new ClassRemoval(whole, [gone]).Write(_root, "removed", DateTimeOffset.UnixEpoch);

        Assert.Equal(own, whole.Manifest.Detector!.ClassThresholds);
        Assert.Equal([KeyValuePair.Create(kept, -2.0)], made.Manifest.Detector!.ClassThresholds!);
        Assert.Contains("of their images: 1, from -2 to -2.", File.ReadAllText(made.PathOf("MODEL_CARD.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_removes_several_classes_at_the_same_time()
    {
        var copy = BundleDraft.From(_old);
        var whole = NextVersion.Write(copy, _root, "1", [.. NextVersion.GoldenImages(_old)]);
        var names = whole.Labels.Classes.Take(2).Select(c => c.Name).ToArray();

        string[] arguments = ["remove-class", "--bundle", whole.Directory, "--name", .. names, "--version-name", "2"];
        Assert.Equal(0, await CommandLine.Create().Parse(arguments).InvokeAsync());

        var made = ModelBundle.Open(Path.Combine(_root, whole.Name, "2"));
        Assert.Equal(whole.Labels.Classes.Skip(2).Select(c => c.Name), made.Labels.Classes.Select(c => c.Name));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A class in the middle of the labels that a golden image shows.</summary>
    private (string Name, int Id) Shown()
    {
        var images = SomeBundle.Images(_old);
        var id = images[images.Length / 2].ClassId;
        return (_old.Labels.Classes[id].Name, id);
    }

    private ModelBundle Remove(string name) => new ClassRemoval(_old, [name]).Write(_root, "removed", DateTimeOffset.UnixEpoch);

    /// <summary>The class name of each gallery row, with the start of the row.</summary>
    private static IEnumerable<(string Name, float First, float Second)> Rows(ModelBundle bundle)
    {
        var (rows, _) = GalleryGraph.ReadRows(bundle.Directory, File.ReadAllBytes(bundle.PathOf(bundle.Manifest.StageOne.File)));
        return rows.Zip(bundle.GalleryClasses, (row, id) => (bundle.Labels.Classes[id].Name, row[0], row[1]));
    }
}
