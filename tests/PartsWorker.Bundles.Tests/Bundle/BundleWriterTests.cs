using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Bundle;

public sealed class BundleWriterTests : IDisposable
{
    private readonly string _models = Directory.CreateTempSubdirectory("partsworker-").FullName;

    [Theory]
    [InlineData("1.0.0", "this version exists already")]
    [InlineData("v 2", "must be letters, digits, '.', '_' or '-'")]
    public void A_version_that_cannot_be_written_is_found_before_the_work(string version, string says)
    {
        Directory.CreateDirectory(Path.Combine(_models, "parts-test", "1.0.0"));

        var error = Assert.Throws<BundleException>(() => BundleWriter.RequireNew(_models, "parts-test", version));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        BundleWriter.RequireNew(_models, "parts-test", "2");
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        var written = Write("1.0.0");
        var read = ModelBundle.Open(Path.Combine(_models, "parts-test", "1.0.0"));
        Assert.Equal("parts-test@1.0.0", read.Key);
        Assert.Equal(written.Manifest.Files, read.Manifest.Files);
        Assert.Equal(RepositoryBundle.Bundle.Labels.Classes, read.Labels.Classes);
        Assert.Equal(RepositoryBundle.Bundle.GalleryClasses, read.GalleryClasses);
        Assert.Equal(RepositoryBundle.Bundle.ReadGolden().Images[5].Scores, read.ReadGolden().Images[5].Scores);
    }

    [Fact]
    public void The_decoder_is_recorded_and_bundles_without_the_record_stay_as_they_are()
    {
        var old = Write("1.0.0", RepositoryBundle.Bundle.Manifest.Preprocessing with { Decoder = null });
        var recorded = Write("1.0.1", old.Manifest.Preprocessing with { Decoder = "imagesharp" });
        var manifest = File.ReadAllText(Path.Combine(_models, "parts-test", "1.0.0", "bundle.json"));
        Assert.DoesNotContain("decoder\"", manifest, StringComparison.Ordinal);
        Assert.Equal("imagesharp", ModelBundle.Open(Path.Combine(_models, "parts-test", "1.0.1")).Manifest.Preprocessing.Decoder);
        Assert.Equal("parts-test@1.0.1", recorded.Key);
    }

    [Fact]
    public void A_bundle_with_a_shared_trunk_names_its_features_and_others_stay_as_they_are()
    {
        Write("1.0.0", change: manifest => manifest with
        {
            Format = BundleManifest.TwoNetworks,
            Detector = null,
            StageOne = manifest.StageOne with { Features = null, FeatureSize = 0 },
            StageTwo = new(),
        });
        Write("1.0.1", change: manifest => manifest with
        {
            Format = BundleManifest.SharedTrunk,
            Detector = null,
            StageOne = manifest.StageOne with { Features = "features", FeatureSize = 64 },
            StageTwo = new() { Input = "features" },
        });
        string Text(string version) => File.ReadAllText(Path.Combine(_models, "parts-test", version, "bundle.json"));
        Assert.Contains("\"format\": 1,", Text("1.0.0"), StringComparison.Ordinal);
        Assert.DoesNotContain("feature", Text("1.0.0"), StringComparison.Ordinal);
        var shared = ModelBundle.Open(Path.Combine(_models, "parts-test", "1.0.1")).Manifest;
        Assert.Equal((2, "features", 64), (shared.Format, shared.StageOne.Features, shared.StageOne.FeatureSize));
    }

    [Fact]
    public void A_version_that_exists_is_never_overwritten()
    {
        Write("1.0.0");
        var error = Assert.Throws<BundleException>(() => Write("1.0.0"));
        Assert.Contains("this version exists already", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_committed_leaves_nothing_behind()
    {
        using (var writer = BundleWriter.Begin(_models, "parts-test", "1.0.0"))
        {
            writer.Write(RepositoryBundle.Bundle.Labels);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_models, "parts-test")));
    }

    [Fact]
    public void A_draft_that_would_not_open_is_not_committed()
    {
        using var writer = BundleWriter.Begin(_models, "parts-test", "1.0.0");
        writer.Write(RepositoryBundle.Bundle.Labels);
        Assert.Throws<BundleException>(() => writer.Commit(RepositoryBundle.Bundle.Manifest));
        Assert.False(Directory.Exists(Path.Combine(_models, "parts-test", "1.0.0")));
    }

    [Fact]
    public void Further_precisions_need_a_known_name_and_listed_files()
    {
        ModelBundle With(string name, string file) => Write("1.0.0", change: m => m with
        {
            Precisions = new Dictionary<string, PrecisionManifest>(StringComparer.Ordinal)
            {
                [name] = new() { StageOne = file, Golden = GoldenSet.FileName },
            },
        });
        Assert.Contains("precision 'int4' is unknown", Fails(() => With("int4", "stage1.onnx")), StringComparison.Ordinal);
        Assert.Contains("bundle.json does not list other.onnx", Fails(() => With("int8", "other.onnx")), StringComparison.Ordinal);
        Assert.Equal([Precision.Fp32, Precision.Int8], With("int8", "stage1.onnx").Precisions);
        static string Fails(Action write) => Assert.Throws<BundleException>(write).Message;
    }

    public void Dispose() => Directory.Delete(_models, recursive: true);

    private ModelBundle Write(
        string version, PreprocessingRecipe? recipe = null, Func<BundleManifest, BundleManifest>? change = null)
    {
        var source = RepositoryBundle.Bundle;
        using var writer = BundleWriter.Begin(_models, "parts-test", version);
        writer.Write(source.Labels);
        writer.Write(new GalleryIndex { Rows = source.GalleryClasses.Length, ClassId = source.GalleryClasses });
        writer.Write(source.ReadGolden());
        File.Copy(source.PathOf("stage1.onnx"), Path.Combine(writer.Directory, "stage1.onnx"));
        File.Copy(source.PathOf("stage2.onnx"), Path.Combine(writer.Directory, "stage2.onnx"));
        File.Copy(source.PathOf("gallery.data"), Path.Combine(writer.Directory, "gallery.data"));
        var manifest = source.Manifest with
        {
            Name = "parts-test",
            Version = version,
            Preprocessing = recipe ?? source.Manifest.Preprocessing,
            Precisions = null,
        };
        return writer.Commit(change is null ? manifest : change(manifest));
    }
}
