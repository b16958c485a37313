using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class GalleryImagesTests : IDisposable
{
    private const string Odd = "bolt/<b>../\"ü\" M4";
    private readonly string _root = Directory.CreateTempSubdirectory("parts-gallery-").FullName;
    private readonly ModelBundle _old = SomeBundle.Open();

    [Fact]
    public void An_export_writes_one_small_image_per_gallery_row_within_a_quarter_of_the_bundle()
    {
        var made = Export();
        Assert.Equal(made.GalleryClasses.Length, made.GalleryImages.Count);
        Assert.All(made.Labels.Classes, c => Assert.Equal(made.GalleryImages.Of(c.Id), made.GalleryImages.Of(c.Name)));
        var files = made.Labels.Classes.SelectMany(c => made.GalleryImages.Of(c.Id)).ToArray();
        Assert.All(files, f => Assert.Equal(GalleryImages.Side, Longest(f)));
        Assert.InRange(files.Sum(f => new FileInfo(f).Length), 1, BytesOf(made.Directory) / 4);
        Assert.Contains("JPEG files, at most", made.Manifest.Data["gallery images"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_has_at_most_three_images_and_fewer_where_the_folder_would_exceed_a_quarter_of_the_bundle()
    {
        var image = new GalleryImage(SomeBundle.Images(_old)[0].Path, IsSmall: false);
        var small = image.ReadSmall().Length;
        GalleryImage?[] images = [.. Enumerable.Repeat(image, 11), null, image];
        int[] classes = [.. Enumerable.Repeat(0, 10), 1, 1, 1];

        Assert.Equal("5 JPEG files, at most 3 per class", GalleryFolder.Write(FolderOf("large", 100 * small), images, classes));
        var folder = FolderOf("small", 13 * small);
        var note = GalleryFolder.Write(folder, images, classes);
        Assert.StartsWith("4 JPEG files, at most 2 per class, fewer than the 3 available", note, StringComparison.Ordinal);
        Assert.Equal([0, 1, 10, 12], Directory.GetFiles(Path.Combine(folder, "gallery")).Select(Number).Order());
        Assert.Null(GalleryFolder.Write(FolderOf("none", 1), [null], [0]));
    }

    [Fact]
    public void Enrolled_photos_join_the_images_and_a_removed_class_takes_its_own_with_it()
    {
        var made = Export();
        var photo = SomeBundle.Images(_old)[0];
        var part = new NewPart(Odd, _old.Labels.Colors[0], _old.Labels.Shapes[0], [photo.Path]) { Views = 0 };
        var (grown, _) = new Enrollment(made, part).Run(_root, "2", DateTimeOffset.UnixEpoch);
        var enrolled = Assert.Single(grown.GalleryImages.Of(Odd));
        Assert.Equal(new GalleryImage(photo.Path, IsSmall: false).ReadSmall(), File.ReadAllBytes(enrolled));
        AssertSame(made, grown);

        var removed = made.Labels.Classes[made.GalleryClasses[0]].Name;
        var shrunk = new ClassRemoval(grown, [removed]).Write(_root, "3", DateTimeOffset.UnixEpoch);
        Assert.Empty(shrunk.GalleryImages.Of(removed));
        Assert.Equal(grown.GalleryImages.Count - grown.GalleryImages.Of(removed).Count, shrunk.GalleryImages.Count);
        AssertSame(shrunk, grown);
        Assert.Equal(shrunk.GalleryImages.Count, BundleGallery.Open(shrunk.Directory).Images.Count);
    }

    [Fact]
    public void A_next_version_carries_the_images_over_unchanged()
    {
        var made = Export();
        var next = NextVersion.Write(BundleDraft.From(made), _root, "2", [.. NextVersion.GoldenImages(made)]);
        Assert.Equal(made.GalleryImages.Count, next.GalleryImages.Count);
        AssertSame(made, next);
    }

    [Fact]
    public void Merged_rows_show_the_closest_image_of_those_that_they_merge()
    {
        float[][] members = [[1, 0], [0.8f, 0.6f], [0, 1]];
        Assert.Equal([1, 2], GallerySelection.Closest([[0.9f, 0.4f], [0, 1]], members));
        Assert.Equal([0, -1], GallerySelection.Closest([[1, 0], [0, 1]], [members[0]]));
    }

    [Fact]
    public void The_orientation_of_a_camera_is_applied_and_small_images_are_not_enlarged()
    {
        var path = Path.Combine(_root, "wide.png");
        File.WriteAllBytes(path, PngFile.Encode(new byte[40 * 20 * 3], new(40, 20)));
        using var decoded = Decode(new GalleryImage(path, IsSmall: false).ReadSmall());
        Assert.Equal(new(40, 20), decoded.Size);

        var jpeg = JpegFile.Encode(new byte[400 * 200 * 3], new(400, 200), 90);
        File.WriteAllBytes(path, [.. jpeg[..2], .. Rotated, .. jpeg[2..]]);
        using var turned = Decode(new GalleryImage(path, IsSmall: false).ReadSmall());
        Assert.Equal(new(48, 96), turned.Size);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>An EXIF segment with orientation 6.</summary>
    private static ReadOnlySpan<byte> Rotated =>
    [
        0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1,
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>Each class of the first bundle has the same images in the second, wherever its rows are.</summary>
    private static void AssertSame(ModelBundle expected, ModelBundle actual) => Assert.All(expected.Labels.Classes, c => Assert.Equal(
        expected.GalleryImages.Of(c.Name).Select(File.ReadAllBytes), actual.GalleryImages.Of(c.Name).Select(File.ReadAllBytes)));

    private static long BytesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

    private static int Number(string path) => int.Parse(Path.GetFileNameWithoutExtension(path));

    private static int Longest(string path)
    {
        using var image = Decode(File.ReadAllBytes(path));
        return Math.Max(image.Width, image.Height);
    }

    private static DecodedImage Decode(byte[] file)
    {
        var image = new DecodedImage();
        ImageDecoders.Create(ImageDecoders.ImageSharp).Decode(file, new(new DecodeLimits()), image);
        return image;
    }

    private string FolderOf(string name, int bytes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllBytes(Path.Combine(folder, "stage1.onnx"), new byte[bytes]);
        return folder;
    }

    private ModelBundle Export()
    {
        LabeledImage[] images = SomeBundle.Images(_old);
        return new BundleAssembler(new()
        {
            ModelsRoot = _root,
            Name = "assembled",
            Version = "1",
            StageOne = File.ReadAllBytes(_old.PathOf("stage1.onnx")),
            StageTwo = File.ReadAllBytes(_old.PathOf("stage2.onnx")),
            EmbeddingSize = _old.Manifest.StageOne.EmbeddingSize,
            InputSize = _old.Manifest.Preprocessing.Size,
            Labels = _old.Labels,
            Training = images,
            Validation = [],
            License = "as the images",
            GalleryViews = 0,
            GoldenImages = 3,
        }).Run();
    }
}
