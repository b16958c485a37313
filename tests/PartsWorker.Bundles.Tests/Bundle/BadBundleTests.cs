using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Bundle;

public sealed class BadBundleTests : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;

    [Fact]
    public void A_missing_folder_is_named() =>
        AssertRefused(Path.Combine(_folder, "nowhere"), "no such model bundle folder");

    [Fact]
    public void A_folder_without_manifest_is_refused() =>
        AssertRefused(_folder, "holds no bundle.json");

    [Theory]
    [InlineData("stage1.onnx")]
    [InlineData("gallery.data")]
    [InlineData("labels.json")]
    [InlineData("golden/golden.json")]
    public void One_altered_byte_is_noticed_and_the_file_named(string file)
    {
        var path = Path.Combine(RepositoryBundle.CopyTo(_folder), file);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused(_folder, $"{file} was altered");
    }

    [Fact]
    public void A_trailing_slash_changes_nothing()
    {
        var folder = RepositoryBundle.CopyTo(_folder);

        Assert.Equal(folder, ModelBundle.Open(folder + "/").Directory);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(Path.Combine(RepositoryBundle.CopyTo(_folder), "stage2.onnx"));
        AssertRefused(_folder, "stage2.onnx is listed in bundle.json but missing");
    }

    [Fact]
    public void A_file_that_the_manifest_does_not_list_is_refused()
    {
        File.WriteAllText(Path.Combine(RepositoryBundle.CopyTo(_folder), "more.data"), "x");
        AssertRefused(_folder, "more.data is not listed in bundle.json");
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 4", "format 4 is unknown; this program reads formats 1 to 3")]
    [InlineData("\"format\": 1", "\"format\": 2", "format 2 does not fit stageOne.features ''")]
    [InlineData("\"embeddingSize\"", "\"features\": \"features\", \"embeddingSize\"", "format 1 does not fit stageOne.features 'features'")]
    [InlineData("\"embeddingSize\"", "\"featureSize\": 64, \"embeddingSize\"", "stageOne.featureSize 64 must be 1..8192 with")]
    [InlineData("\"rule\": \"[a-z-]+\"", "\"rule\": \"best-guess\"", "fusion.rule 'best-guess' is unknown")]
    [InlineData("\"size\": [0-9]+", "\"size\": 4", "preprocessing.size 4 is outside 8..2048")]
    [InlineData("\"decodeScale\"", "\"decoder\": \"gdi\", \"decodeScale\"", "preprocessing.decoder 'gdi' is unknown")]
    [InlineData("\"galleryRows\": [0-9]+", "\"galleryRows\": 99999", "rows, but stageOne.galleryRows is 99999")]
    [InlineData("\"name\": \"real-parts\"", "\"name\": \"../up\"", "name '../up' must be")]
    [InlineData("\"gallery[.]data\":", "\"../gallery.data\":", "is outside the bundle")]
    [InlineData("\"t1\": [0-9.eE-]+", "\"t1\": 0", "fusion needs t1")]
    [InlineData("\"stageTwo\"", "\"stageToo\"", "stageTwo")]
    [InlineData("[{]", "", "bundle.json: ")]
    public void A_manifest_that_makes_no_sense_is_refused_in_one_line(string pattern, string instead, string because)
    {
        var path = CopyAsTwoNetworks();
        var text = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        File.WriteAllText(path, text.Replace(File.ReadAllText(path), instead, count: 1));
        AssertRefused(_folder, because);
    }

    [Theory]
    [InlineData(null, 0, "features", "format 2 does not fit stageOne.features ''")]
    [InlineData("features", 0, "features", "stageOne.featureSize 0 must be 1..8192 with stageOne.features")]
    [InlineData("features", 8193, "features", "stageOne.featureSize 8193 must be 1..8192 with stageOne.features")]
    [InlineData("scores", 64, "scores", "stageOne.features 'scores' is the name of another tensor")]
    [InlineData("features", 64, "image", "stageTwo.input 'image' must be stageOne.features 'features'")]
    public void Networks_that_do_not_fit_together_are_refused_in_one_line(string? features, int size, string input, string because)
    {
        var path = CopyAsTwoNetworks();
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["format"] = BundleManifest.SharedTrunk;
        manifest["stageOne"]!["features"] = features;
        manifest["stageOne"]!["featureSize"] = size;
        manifest["stageTwo"]!["input"] = input;
        File.WriteAllText(path, manifest.ToJsonString());
        AssertRefused(_folder, because);
    }

    [Theory]
    [InlineData(1, "similarity", "format 1 has no detector; format 3 does")]
    [InlineData(3, "smell", "detector test 'class' has the input 'smell', which this version does not know")]
    [InlineData(3, null, "detector has no tests")]
    public void A_detector_that_this_version_cannot_run_is_refused_in_one_line(int format, string? input, string because)
    {
        var path = CopyAsTwoNetworks();
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["format"] = format;
        var tests = new JsonArray();
        if (input is not null)
        {
            tests.Add(new JsonObject { ["name"] = "class", ["bias"] = 0.5, ["weights"] = new JsonObject { [input] = 1 } });
        }

        manifest["detector"] = new JsonObject { ["tests"] = tests, ["threshold"] = 0, ["falseAlarms"] = 0.02 };
        File.WriteAllText(path, manifest.ToJsonString());
        AssertRefused(_folder, because);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A copy whose manifest describes two networks without a detector; returns the path of the manifest.</summary>
    private string CopyAsTwoNetworks()
    {
        var path = Path.Combine(RepositoryBundle.CopyTo(_folder), BundleManifest.FileName);
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["format"] = BundleManifest.TwoNetworks;
        manifest["stageTwo"]!["input"] = "image";
        Remove(manifest, "detector");
        Remove(manifest["stageOne"]!, "features", "featureSize");
        Remove(manifest["stageTwo"]!, "distances", "distanceNames");
        Remove(manifest["preprocessing"]!, "decoder");
        File.WriteAllText(path, manifest.ToJsonString(Indented));
        return path;
    }

    private static void Remove(JsonNode from, params string[] keys) => Array.ForEach(keys, key => from.AsObject().Remove(key));

    private static void AssertRefused(string folder, string because)
    {
        var error = Assert.Throws<BundleException>(() => ModelBundle.Open(folder));
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
