using PartsWorker.Tests.References;

namespace PartsWorker.Tests.Files;

public sealed class FileReaderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-reads-").FullName;

    [Fact]
    public async Task Reads_by_many_callers_at_once_never_mix_up_their_files()
    {
        for (byte i = 0; i < 20; i++)
        {
            File.WriteAllBytes(Path.Combine(_root, $"{i}.img"), [.. Enumerable.Repeat(i, 100 + i)]);
        }

        using var fetcher = Some.Fetcher(Some.Options(o => o.Roots = [_root]));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(first => Task.Run(async () =>
        {
            for (var n = first; n < 2000; n++)
            {
                var i = n % 20;
                using var image = await fetcher.FetchAsync($"file://{_root}/{i}.img", null, CancellationToken.None);
                Assert.Equal(100 + i, image.Bytes.Length);
                Assert.True(image.Bytes.Span.IndexOfAnyExcept((byte)i) < 0);
            }
        })));
    }

    [Fact]
    public async Task A_cancelled_caller_returns_at_once_and_later_reads_work()
    {
        var file = Path.Combine(_root, "a.img");
        File.WriteAllBytes(file, [1, 2, 3]);
        using var fetcher = Some.Fetcher(Some.Options(o => o.Roots = [_root]));
        for (var i = 0; i < 200; i++)
        {
            using var gone = new CancellationTokenSource();
            var fetching = fetcher.FetchAsync($"file://{file}", null, gone.Token).AsTask();
            await gone.CancelAsync();
            try
            {
                (await fetching).Dispose();
            }
            catch (OperationCanceledException)
            {
                // Either the bytes came first or the cancellation did.
            }
        }

        using var image = await fetcher.FetchAsync($"file://{file}", null, CancellationToken.None);
        Assert.Equal([1, 2, 3], image.Bytes.ToArray());
    }

    [Fact]
    public async Task A_file_that_another_program_holds_with_an_exclusive_lock_is_read()
    {
        var file = Path.Combine(_root, "a.img");
        File.WriteAllBytes(file, [1, 2, 3]);
        using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using var fetcher = Some.Fetcher(Some.Options(o => o.Roots = [_root]));
        using var image = await fetcher.FetchAsync($"file://{file}", null, CancellationToken.None);
        Assert.Equal([1, 2, 3], image.Bytes.ToArray());
    }

    [Fact]
    public async Task A_read_leaves_no_descriptor_open_whatever_its_end()
    {
        File.WriteAllBytes(Path.Combine(_root, "a.img"), [1, 2, 3]);
        File.WriteAllBytes(Path.Combine(_root, "empty.img"), []);
        Directory.CreateDirectory(Path.Combine(_root, "folder.img"));
        using var fetcher = Some.Fetcher(Some.Options(o => (o.Roots, o.Attempts) = ([_root], 1)));
        (await fetcher.FetchAsync($"file://{_root}/a.img", null, CancellationToken.None)).Dispose();
        await Some.FailureAsync(fetcher, $"file://{_root}/empty.img");
        await Some.FailureAsync(fetcher, $"file://{_root}/folder.img");
        await Some.FailureAsync(fetcher, $"file://{_root}/missing.img");
        Assert.DoesNotContain(
            Directory.GetFiles("/proc/self/fd"),
            descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith(_root, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_file_is_read_at_most_eight_frames_below_the_call()
    {
        using var fetcher = Some.Fetcher(Some.Options(o => (o.Roots, o.MaxBytes) = (["/proc/self"], 1024)));
        var failure = await Some.FailureAsync(fetcher, $"file:///proc/{Environment.ProcessId}/smaps");

        // The excess is noticed beside the call of RandomAccess.Read, the last frame. Frames of Polly and of the runtime do not count.
        var frames = failure.StackTrace!.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith("at PartsWorker.", StringComparison.Ordinal))
            .Where(line => !line.Contains("PartsWorker.Tests", StringComparison.Ordinal))
            .Select(line => line.Split(" in ")[0])
            .Distinct(StringComparer.Ordinal)
            .Append("RandomAccess.Read")
            .ToArray();
        Assert.InRange(frames.Length, 5, 8);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
