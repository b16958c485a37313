using PartsWorker.Bench.Images;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Tests.Bench;

public sealed class BenchImagesTests : IDisposable
{
    private static readonly ImageSize Small = new(16, 16);
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_empty_folder_is_filled_and_a_later_run_adds_what_is_missing()
    {
        Assert.Equal(["bench-16x16-000000.jpg", "bench-16x16-000001.jpg"], Ensure(2));
        Write("bench-16x16-000002.jpg.part");
        Assert.Equal(["bench-16x16-000000.jpg", "bench-16x16-000001.jpg", "bench-16x16-000002.jpg"], Ensure(3));
    }

    [Fact]
    public void Images_of_the_user_are_used_and_nothing_is_added()
    {
        Write("a.JPG");
        Write("b.jpeg");
        Write("c.txt");
        Assert.Equal(["a.JPG", "b.jpeg"], Ensure(2));
    }

    [Fact]
    public void Images_of_another_size_are_not_mixed_with_them()
    {
        Write("bench-2448x2048-000000.jpg");
        Assert.Equal(["bench-2448x2048-000000.jpg"], Ensure(2));
    }

    [Fact]
    public void A_folder_with_other_files_is_not_filled()
    {
        Write("a.png");
        var error = Assert.Throws<UserErrorException>(() => Ensure(2));
        Assert.Equal($"--images {_folder}: contains no .jpg or .jpeg file; an empty folder would be filled", error.Message);
        Assert.Single(Directory.GetFiles(_folder));
    }

    private void Write(string name) => File.WriteAllText(Path.Combine(_folder, name), "");

    private IEnumerable<string?> Ensure(int count) =>
        BenchImages.Ensure(_folder, count, Small, CancellationToken.None).Select(Path.GetFileName);
}
