using PartsWorker.Client;

namespace PartsWorker.Tests.Publishing;

/// <summary>When a file counts as finished, and what counts as the same image.</summary>
public sealed class FolderWatchTests : IDisposable
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4, 5, 6, 7, 8, 0xFF, 0xD9];

    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;
    private readonly WatchBench _bench;

    public FolderWatchTests() => _bench = new WatchBench(_folder);

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_is_published_once_when_it_has_not_changed_for_a_while()
    {
        Write("1.jpg", "a");
        await _bench.ScanAsync();
        Assert.Empty(_bench.Names);

        Write("1.jpg", "ab");
        await _bench.ScanAsync();
        Assert.Empty(_bench.Names);

        await _bench.ScanAsync(2);
        Assert.Equal(["1.jpg"], _bench.Names);
    }

    [Fact]
    public async Task A_file_that_is_open_for_writing_waits()
    {
        await using (var upload = new FileStream(Path.Combine(_folder, "1.jpg"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            upload.Write("half"u8);
            upload.Flush();
            await _bench.ScanAsync(3);
            Assert.Empty(_bench.Names);
        }

        await _bench.ScanAsync(2);
        Assert.Equal(["1.jpg"], _bench.Names);
    }

    [Fact]
    public async Task A_restart_remembers_and_a_replaced_file_is_new()
    {
        Write("1.jpg", "a");
        await _bench.ScanAsync(2);

        _bench.Restart();
        await _bench.ScanAsync(2);
        Assert.Single(_bench.Names);

        Write("1.jpg", "another");
        await _bench.ScanAsync(2);
        Assert.Equal(2, _bench.Published.Count);
    }

    [Fact]
    public async Task An_empty_file_is_given_time_to_be_filled()
    {
        Write("1.jpg", "");
        await _bench.ScanAsync(2);
        Assert.Empty(_bench.Names);

        _bench.Clock.Advance(TimeSpan.FromMinutes(2));
        await _bench.ScanAsync();
        Assert.Equal(["1.jpg"], _bench.Names);
    }

    [Fact]
    public async Task A_jpeg_whose_upload_pauses_waits_for_its_end()
    {
        var file = Path.Combine(_folder, "1.jpg");
        File.WriteAllBytes(file, Jpeg[..8]);
        await _bench.ScanAsync(30);
        Assert.Empty(_bench.Names);

        File.WriteAllBytes(file, Jpeg);
        await _bench.ScanAsync(2);
        Assert.Single(_bench.Names);
        Assert.Empty(_bench.Lines);
    }

    [Fact]
    public async Task A_jpeg_that_stays_without_its_end_is_published_after_a_minute_and_named()
    {
        File.WriteAllBytes(Path.Combine(_folder, "1.jpg"), Jpeg[..8]);
        await _bench.ScanAsync(62);
        Assert.Single(_bench.Names);
        Assert.Contains("no JPEG end marker", Assert.Single(_bench.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_time_alone_is_no_new_image_also_after_a_restart()
    {
        Write("1.jpg", "a");
        await _bench.ScanAsync(2);
        var file = Path.Combine(_folder, "1.jpg");
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddHours(1));
        await _bench.ScanAsync(3);

        _bench.Restart();
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddHours(1));
        await _bench.ScanAsync(3);
        Assert.Single(_bench.Names);
    }

    [Fact]
    public async Task A_file_that_is_copied_again_with_the_same_content_is_no_new_image()
    {
        Write("1.jpg", "a");
        await _bench.ScanAsync(2);
        File.Delete(Path.Combine(_folder, "1.jpg"));
        await _bench.ScanAsync();
        Write("1.jpg", "a");
        await _bench.ScanAsync(3);
        Assert.Single(_bench.Names);
    }

    [Fact]
    public async Task Content_of_the_same_length_and_time_is_new_where_a_camera_has_no_clock()
    {
        var file = Path.Combine(_folder, "1.bmp");
        foreach (var content in new[] { "part1", "part2", "part3" })
        {
            File.WriteAllText(file, content);
            File.SetLastWriteTimeUtc(file, new DateTime(2005, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            await _bench.ScanAsync(3);
        }

        Assert.Equal(3, _bench.Published.DistinctBy(r => r.Sha256).Count());
    }

    [Theory]
    [InlineData(1970)]
    [InlineData(2090)]
    public async Task A_camera_with_a_wrong_clock_is_published_once_with_the_time_its_file_appeared(int year)
    {
        Write("1.jpg", "a");
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "1.jpg"), new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await _bench.ScanAsync(5);
        var captured = Assert.Single(_bench.Published).CapturedAt;
        Assert.InRange(captured, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Contains("check the clock", Assert.Single(_bench.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_file_that_is_renamed_is_no_new_image()
    {
        Write("1.jpg", "a");
        await _bench.ScanAsync(2);
        File.Move(Path.Combine(_folder, "1.jpg"), Path.Combine(_folder, "1-done.jpg"));
        await _bench.ScanAsync(3);
        Assert.Equal(["1.jpg"], _bench.Names);
    }

    [Fact]
    public async Task A_copy_beside_the_original_is_an_image()
    {
        Write("1.jpg", "a");
        await _bench.ScanAsync(2);
        File.Copy(Path.Combine(_folder, "1.jpg"), Path.Combine(_folder, "2.jpg"));
        await _bench.ScanAsync(3);
        Assert.Equal(["1.jpg", "2.jpg"], _bench.Names);
    }

    [Fact]
    public async Task A_file_that_cannot_be_published_is_reported_once_and_tried_again()
    {
        var full = true;
        _bench.Publish =
            reference => full ? throw new PublishFailedException(reference.ImageId, "the spool is full") : Task.CompletedTask;
        Write("1.jpg", "a");
        Write("2.jpg", "b");
        await _bench.ScanAsync(4);
        Assert.Single(_bench.Lines);

        full = false;
        await _bench.ScanAsync();
        Assert.Equal(["1.jpg", "2.jpg"], _bench.Names);
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);
}
