using PartsWorker.Tests.References;

namespace PartsWorker.Tests.Files;

public sealed class FileReadTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-reads-").FullName;

    [Fact]
    public async Task Reads_used_again_by_many_at_once_never_mix_up_their_files()
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
    public async Task A_caller_who_gives_up_is_told_at_once_and_later_reads_work()
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

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
