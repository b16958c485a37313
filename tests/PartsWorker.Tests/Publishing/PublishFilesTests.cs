using PartsWorker.Client;
using PartsWorker.Publishing;

namespace PartsWorker.Tests.Publishing;

public sealed class PublishFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_gives_its_images_oldest_first_and_nothing_unfinished()
    {
        string[] names = ["b.jpg", "sub/a.PNG", ".hidden.jpg", "~c.jpg", "d.jpg.part", "e.tmp", "notes.txt", "c.webp"];
        foreach (var (name, i) in names.Select((n, i) => (n, i)))
        {
            Write(name, minute: 59 - i);
        }

        Assert.Equal(["c.webp", "sub/a.PNG", "b.jpg"], Expand(_folder).Select(f => Path.GetRelativePath(_folder, f.Path)));
    }

    [Fact]
    public void Globs_reach_below_and_a_named_file_needs_no_image_ending()
    {
        Write("1.jpg");
        Write("sub/2.jpg");
        Write("raw.bin");
        File.WriteAllBytes(Path.Combine(_folder, "raw.bin"), [0xFF, 0xD8, 0xFF, 0xE0]);

        Assert.Equal(2, Expand(Path.Combine(_folder, "**/*.jpg")).Count);
        Assert.Single(Expand(Path.Combine(_folder, "1*.jpg")));
        Assert.Single(Expand(Path.Combine(_folder, "raw.bin")));
    }

    [Fact]
    public void Globs_leave_out_what_folders_leave_out()
    {
        string[] names = ["1.jpg", "thumbs/2.jpg", "@eaDir/3.jpg", ".hidden/4.jpg", "sub/thumbs/5.jpg", "sub/6.jpg"];
        Array.ForEach(names, name => Write(name));
        var skipped = new List<string>();

        var files = new PublishFiles(new FileFilter(["thumbs"]), _ => { }, (file, _) => skipped.Add(file));
        var found = files.FindAll([Path.Combine(_folder, "**/*.jpg")]);

        Assert.Equal(["1.jpg", "sub/6.jpg"], found.Select(f => Path.GetRelativePath(_folder, f.Path)).Order());
        Assert.Equal((4, 4), (files.Skipped, skipped.Count));
    }

    [Fact]
    public void A_named_file_that_is_not_an_image_is_one_line_and_not_a_dead_letter()
    {
        Write("readme.txt");
        List<string> problems = [];

        Assert.Empty(PublishFiles.Expand([Path.Combine(_folder, "readme.txt")], problems.Add));

        Assert.Contains("readme.txt' is not an image", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_named_twice_is_published_once()
    {
        Write("1.jpg");

        Assert.Single(PublishFiles.Expand([_folder, Path.Combine(_folder, "1.jpg")], _ => { }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("s3://parts/images")]
    public async Task A_trailing_slash_changes_neither_uri_nor_id(string? baseUri)
    {
        Write("sub/1.jpg");
        var request = new PublishRequest([_folder], "A", "c", Lane.Live, baseUri is null ? null : new Uri(baseUri));

        var plain = await PublishedReference.DescribeAsync(Assert.Single(Expand(_folder)), request, CancellationToken.None);
        var slash = await PublishedReference.DescribeAsync(Assert.Single(Expand(_folder + "/")), request, CancellationToken.None);

        Assert.Equal((plain.Uri, plain.ImageId), (slash.Uri, slash.ImageId));
    }

    [Fact]
    public void Each_path_without_files_is_one_line()
    {
        List<string> problems = [];

        PublishFiles.Expand([Path.Combine(_folder, "gone.jpg"), _folder, Path.Combine(_folder, "*.png")], problems.Add);

        Assert.Equal(3, problems.Count);
        Assert.Contains("contains no images", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_file_gives_the_same_reference_and_another_content_another_id()
    {
        Write("1.jpg");
        var request = new PublishRequest([_folder], "A", "c", Lane.Live, BaseUri: null);

        var first = await PublishedReference.DescribeAsync(Expand(_folder)[0], request, CancellationToken.None);
        var again = await PublishedReference.DescribeAsync(Expand(_folder)[0], request, CancellationToken.None);
        File.WriteAllText(Path.Combine(_folder, "1.jpg"), "changed");
        var changed = await PublishedReference.DescribeAsync(Expand(_folder)[0], request, CancellationToken.None);

        Assert.Equal(first, again);
        Assert.NotEqual(first.ImageId, changed.ImageId);
        Assert.Equal(5, first.ImageId.Version);
    }

    [Theory]
    [InlineData(null, "file:///")]
    [InlineData("s3://parts/line-a/", "s3://parts/line-a/a%20b%23.jpg")]
    [InlineData("https://host/x", "https://host/x/a%20b%23.jpg")]
    public async Task The_uri_is_escaped_and_below_the_base_uri(string? baseUri, string expected)
    {
        Write("a b#.jpg");
        var request = new PublishRequest([_folder], "A", "c", Lane.Live, baseUri is null ? null : new Uri(baseUri));

        var reference = await PublishedReference.DescribeAsync(Expand(_folder)[0], request, CancellationToken.None);

        Assert.StartsWith(expected, reference.Uri, StringComparison.Ordinal);
        Assert.EndsWith("/a%20b%23.jpg", reference.Uri, StringComparison.Ordinal);
    }

    private static IReadOnlyList<PublishFile> Expand(string path) => PublishFiles.Expand([path], problem => Assert.Fail(problem));

    private void Write(string name, int minute = 0)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, name);
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 11, 21, 6, minute, 0, DateTimeKind.Utc));
    }
}
