using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Synthesis.Junk;

namespace PartsWorker.Trainer.Tests.Synthesis;

public sealed class JunkSetTests : IDisposable
{
    private static readonly int Kinds = JunkKind.All.Count;
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-junk-").FullName;

    [Fact]
    public void Every_kind_has_its_own_folder_and_the_same_number_of_images()
    {
        Assert.True(Kinds >= 14);
        var files = Write("all", new((2 * Kinds) + 3, Seed: 1, Threads: 2));
        var counts = files.Keys.GroupBy(f => Path.GetDirectoryName(f)!).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(JunkKind.All.Select(k => k.Name).Order(StringComparer.Ordinal), counts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((2, 3), (counts.Values.Min(), counts.Values.Max()));
        Assert.Equal((2 * Kinds) + 3, files.Values.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_same_seed_gives_the_same_images_with_any_number_of_threads_and_images()
    {
        var first = Write("one", new(Kinds, Seed: 7, Threads: 1));
        var more = Write("more", new(Kinds + 2, Seed: 7, Threads: 3));
        Assert.All(first, file => Assert.Equal(file.Value, more[file.Key]));
        Assert.NotEqual(first.Values.Order(StringComparer.Ordinal), Write("other", new(Kinds, 8, 2)).Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Images_are_jpegs_of_camera_size()
    {
        var decoder = ImageDecoders.Create(ImageDecoders.ImageSharp);
        using var into = new DecodedImage();
        foreach (var file in Write("sizes", new(Kinds, Seed: 3, Threads: 2)).Keys)
        {
            decoder.Decode(File.ReadAllBytes(Path.Combine(_folder, "sizes", file)), new(new()), into);
            Assert.EndsWith(".jpg", file, StringComparison.Ordinal);
            Assert.InRange(Math.Min(into.Size.Width, into.Size.Height), 240, 800);
            Assert.InRange(Math.Max(into.Size.Width, into.Size.Height), 320, 800);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Dictionary<string, string> Write(string name, JunkSet set)
    {
        var folder = Path.Combine(_folder, name);
        set.Write(folder);
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToBase64String(File.ReadAllBytes(f)), StringComparer.Ordinal);
    }
}
