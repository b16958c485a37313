using PartsWorker.Model.Bundle;
using PartsWorker.Model.Tests.Support;

namespace PartsWorker.Model.Tests.Bundle;

public sealed class BadBundleTests : IDisposable
{
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
        var path = Path.Combine(ReferenceBundle.CopyTo(_folder), file);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused(_folder, $"{file} was altered");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(Path.Combine(ReferenceBundle.CopyTo(_folder), "stage2.onnx"));
        AssertRefused(_folder, "stage2.onnx is listed in bundle.json but missing");
    }

    [Fact]
    public void A_file_that_nobody_vouches_for_is_refused()
    {
        File.WriteAllText(Path.Combine(ReferenceBundle.CopyTo(_folder), "more.data"), "x");
        AssertRefused(_folder, "more.data is not listed in bundle.json");
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "format 2 is unknown")]
    [InlineData("\"max-hit\"", "\"best-guess\"", "fusion.rule 'best-guess' is unknown")]
    [InlineData("\"size\": 96", "\"size\": 4", "preprocessing.size 4 is outside 8..2048")]
    [InlineData("\"galleryRows\": 3591", "\"galleryRows\": 3590", "gallery.json has 3591 rows")]
    [InlineData("\"name\": \"parts-reference\"", "\"name\": \"../up\"", "name '../up' must be")]
    [InlineData("\"gallery.data\":", "\"../gallery.data\":", "lies outside the bundle")]
    [InlineData("\"t1\": 0.036888", "\"t1\": 0", "fusion needs t1")]
    [InlineData("\"stageTwo\"", "\"stageToo\"", "stageTwo")]
    [InlineData("{", "", "bundle.json: ")]
    public void A_manifest_that_makes_no_sense_is_refused_in_one_line(string text, string instead, string because)
    {
        var path = Path.Combine(ReferenceBundle.CopyTo(_folder), BundleManifest.FileName);
        var manifest = File.ReadAllText(path);
        var at = manifest.IndexOf(text, StringComparison.Ordinal);
        File.WriteAllText(path, manifest[..at] + instead + manifest[(at + text.Length)..]);
        AssertRefused(_folder, because);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void AssertRefused(string folder, string because)
    {
        var error = Assert.Throws<BundleException>(() => ModelBundle.Open(folder));
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
