using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Bundle;

public sealed class GalleryImagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;

    [Fact]
    public void A_bundle_without_the_folder_opens_and_has_no_images()
    {
        CopyWith();
        Assert.Equal(0, ModelBundle.Open(_folder).GalleryImages.Count);
        Assert.Empty(BundleGallery.Open(_folder).Images.Of(0));
    }

    [Fact]
    public void Images_are_listed_by_class_in_row_order()
    {
        CopyWith(GalleryImages.FileOf(1), GalleryImages.FileOf(0));
        var bundle = ModelBundle.Open(_folder);
        string[] expected = [.. Enumerable.Range(0, 2).Where(r => bundle.GalleryClasses[r] == bundle.GalleryClasses[0])
            .Select(r => bundle.PathOf(GalleryImages.FileOf(r)))];
        Assert.Equal(2, bundle.GalleryImages.Count);
        Assert.Equal(expected, bundle.GalleryImages.Of(bundle.GalleryClasses[0]));
        Assert.Equal(expected, BundleGallery.Open(_folder).Images.Of(bundle.Labels.Classes[bundle.GalleryClasses[0]].Name));
        Assert.Empty(bundle.GalleryImages.Of("../<script>"));
        Assert.Empty(bundle.GalleryImages.Of(-1));
    }

    [Fact]
    public void An_altered_image_is_refused_by_every_reader()
    {
        CopyWith(GalleryImages.FileOf(0));
        File.WriteAllText(Path.Combine(_folder, GalleryImages.FileOf(0)), "altered");
        AssertRefused("gallery/00000.jpg was altered");
    }

    [Theory]
    [InlineData("gallery/99999.jpg")]
    [InlineData("gallery/0.jpg")]
    [InlineData("gallery/page.html")]
    public void A_file_that_shows_no_row_is_refused(string file)
    {
        CopyWith(file);
        AssertRefused($"{file} is not the image of a gallery row");
    }

    [Fact]
    public void Labels_and_images_are_read_without_the_networks()
    {
        CopyWith(GalleryImages.FileOf(0));
        File.Delete(Path.Combine(_folder, "stage1.onnx"));
        Assert.Equal(1, BundleGallery.Open(_folder).Images.Count);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A copy whose only files in <c>gallery/</c> are these.</summary>
    private void CopyWith(params string[] files)
    {
        RepositoryBundle.CopyTo(_folder);
        var gallery = Directory.CreateDirectory(Path.Combine(_folder, "gallery")).FullName;
        Directory.Delete(gallery, recursive: true);
        var path = Path.Combine(_folder, BundleManifest.FileName);
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        var listed = manifest["files"]!.AsObject();
        foreach (var old in listed.Select(f => f.Key).Where(f => f.StartsWith("gallery/", StringComparison.Ordinal)).ToArray())
        {
            listed.Remove(old);
        }

        foreach (var file in files)
        {
            Directory.CreateDirectory(gallery);
            File.WriteAllText(Path.Combine(_folder, file), file);
            listed[file] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder, file))));
        }

        File.WriteAllText(path, manifest.ToJsonString());
    }

    private void AssertRefused(string because)
    {
        Func<object>[] readers = [() => ModelBundle.Open(_folder), () => BundleGallery.Open(_folder)];
        Assert.All(readers, open => Assert.Contains(because, Assert.Throws<BundleException>(open).Message, StringComparison.Ordinal));
    }
}
