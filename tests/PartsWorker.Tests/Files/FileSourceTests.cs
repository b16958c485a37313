using System.Security.Cryptography;
using PartsWorker.Failures;
using PartsWorker.Tests.References;

namespace PartsWorker.Tests.Files;

public sealed class FileSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("images-").FullName;
    private readonly string _root;
    private readonly TestFetcher _fetcher;

    public FileSourceTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        File.WriteAllText(Path.Combine(_root, "part.jpg"), "pixels");
        _fetcher = Some.Fetcher(Some.Options(o => o.Roots = [_root]));
    }

    public void Dispose()
    {
        _fetcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_below_a_root_is_read_whole()
    {
        using var image = await _fetcher.FetchAsync($"file://{_root}/part.jpg", null, CancellationToken.None);
        Assert.Equal("pixels"u8, image.Bytes.Span);
    }

    [Fact]
    public async Task A_file_system_that_tells_no_lengths_is_read_to_the_end()
    {
        using var fetcher = Some.Fetcher(Some.Options(o => o.Roots = ["/proc/sys/kernel"]));
        using var image = await fetcher.FetchAsync("file:///proc/sys/kernel/ostype", null, CancellationToken.None);
        Assert.Equal("Linux\n"u8, image.Bytes.Span);
    }

    [Fact]
    public async Task Names_are_percent_decoded_once()
    {
        File.WriteAllText(Path.Combine(_root, "teil ä#1.jpg"), "pixels");
        using var image = await _fetcher.FetchAsync($"file://{_root}/teil%20%C3%A4%231.jpg", null, CancellationToken.None);
        Assert.Equal(6, image.Bytes.Length);
    }

    [Fact]
    public async Task A_link_that_stays_inside_is_followed_and_a_root_may_be_a_link_itself()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "latest.jpg"), "part.jpg");
        var alias = File.CreateSymbolicLink(Path.Combine(_folder, "alias"), _root).FullName;
        using var fetcher = Some.Fetcher(Some.Options(o => o.Roots = [alias]));
        using var image = await fetcher.FetchAsync($"file://{alias}/latest.jpg", null, CancellationToken.None);
        Assert.Equal(6, image.Bytes.Length);
    }

    [Fact]
    public async Task A_missing_file_may_still_come()
    {
        var failure = await Some.FailureAsync(_fetcher, $"file://{_root}/later.jpg");
        Assert.Equal((FailureKind.MissingImage, Recovery.Transient), (failure.Kind, failure.Recovery));
    }

    [Fact]
    public async Task A_file_that_appears_between_two_tries_is_read()
    {
        var options = Some.Options(o => (o.Roots, o.Attempts, o.RetryDelay) = ([_root], 10, TimeSpan.FromMilliseconds(50)));
        using var fetcher = Some.Fetcher(options);
        var fetching = fetcher.FetchAsync($"file://{_root}/later.jpg", null, CancellationToken.None);
        File.WriteAllText(Path.Combine(_root, "half.jpg"), "pixels");
        File.Move(Path.Combine(_root, "half.jpg"), Path.Combine(_root, "later.jpg"));
        using var image = await fetching;
        Assert.Equal(6, image.Bytes.Length);
    }

    [Fact]
    public async Task An_empty_file_and_one_over_the_limit_are_permanent()
    {
        File.WriteAllBytes(Path.Combine(_root, "empty.jpg"), []);
        File.WriteAllBytes(Path.Combine(_root, "exact.jpg"), new byte[64 * 1024]);
        File.WriteAllBytes(Path.Combine(_root, "large.jpg"), new byte[64 * 1024 + 1]);
        using (var exact = await _fetcher.FetchAsync($"file://{_root}/exact.jpg", null, CancellationToken.None))
        {
            Assert.Equal(64 * 1024, exact.Bytes.Length);
        }

        var empty = await Some.FailureAsync(_fetcher, $"file://{_root}/empty.jpg");
        var large = await Some.FailureAsync(_fetcher, $"file://{_root}/large.jpg");
        Assert.Equal((FailureKind.UnreadableImage, Recovery.Permanent), (empty.Kind, empty.Recovery));
        Assert.Equal((FailureKind.TooLarge, Recovery.Permanent), (large.Kind, large.Recovery));
    }

    [Fact]
    public async Task A_file_without_an_honest_length_is_counted_while_it_is_read()
    {
        // Files of /proc claim a length of 0 and still have content: the count decides, not the claim.
        using var fetcher = Some.Fetcher(Some.Options(o => (o.Roots, o.MaxBytes) = (["/proc/self"], 1024)));
        var failure = await Some.FailureAsync(fetcher, $"file:///proc/{Environment.ProcessId}/smaps");
        Assert.Equal(FailureKind.TooLarge, failure.Kind);
    }

    [Fact]
    public async Task A_root_that_is_gone_or_suddenly_empty_is_storage_down_and_not_a_missing_image()
    {
        using (await _fetcher.FetchAsync($"file://{_root}/part.jpg", null, CancellationToken.None))
        {
            File.Delete(Path.Combine(_root, "part.jpg"));
        }

        var emptied = await Some.FailureAsync(_fetcher, $"file://{_root}/part.jpg");
        Directory.Delete(_root);
        var gone = await Some.FailureAsync(_fetcher, $"file://{_root}/part.jpg");
        Assert.Equal((FailureKind.MissingImage, Recovery.WithDependency), (emptied.Kind, emptied.Recovery));
        Assert.Equal((FailureKind.MissingImage, Recovery.WithDependency), (gone.Kind, gone.Recovery));
    }

    [Fact]
    public async Task The_announced_sha256_must_match_and_a_changed_file_is_permanent()
    {
        var right = Convert.ToHexString(SHA256.HashData("pixels"u8));
        using var image = await _fetcher.FetchAsync($"file://{_root}/part.jpg", right, CancellationToken.None);
        var failure = await Some.FailureAsync(_fetcher, $"file://{_root}/part.jpg", new string('0', 64));
        Assert.Equal((FailureKind.UnreadableImage, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains("the file does not match its published checksum", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_cancellation_stays_a_cancellation()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _fetcher.FetchAsync($"file://{_root}/part.jpg", null, cancelled.Token));
    }
}
