using PartsWorker.Client;
using PartsWorker.Publishing;
using PartsWorker.Tests.References;

namespace PartsWorker.Tests.Publishing;

/// <summary>Every file that <c>publish</c> publishes, the worker reads; every other one, <c>publish</c> names.</summary>
public sealed class PublisherAndWorkerAgreeTests : IDisposable
{
    private readonly RawFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("100%25.jpg")]
    [InlineData("50%.jpg")]
    [InlineData("a b#c?d&e;f'g\"h.jpg")]
    [InlineData("teil_\u00FC.jpg")]
    [InlineData("\u00FF\u00FE\u0080.jpg")]
    [InlineData("\u00C3\u00BC.jpg")]
    [InlineData("a...jpg")]
    [InlineData("\u00E2\u0080\u00A6 ellipsis.jpg")]
    [InlineData("trailing .jpg")]
    [InlineData("2e%2E5mm.jpg")]
    public async Task A_legal_name_is_published_and_read_back(string name)
    {
        _folder.Write(name, [1, 2, 3]);
        Assert.Equal([1, 2, 3], await PublishAndReadAsync());
    }

    [Fact]
    public async Task Any_name_of_any_bytes_is_read_back_or_named_in_one_line()
    {
        const string Frequent = "%%%2e2f5c. ..\\\u00C0\u00AE\u00E2\u0080\u00A6#?";
        var random = new Random(20);
        using var fetcher = Some.Fetcher(Some.Options(o => o.Roots = [_folder.Path]));
        var read = 0;
        for (var i = 0; i < 3000; i++)
        {
            var name = new string([.. Enumerable.Range(0, random.Next(1, 24)).Select(_ => random.Next(3) == 0
                ? Frequent[random.Next(Frequent.Length)]
                : (char)random.Next(1, 256)).Where(c => c != '/')]);
            if (name is "" or "." or "..")
            {
                continue;
            }

            var path = _folder.Write(name, [(byte)i, (byte)(i >> 8)]);
            if (await ReferenceAsync(path) is { } reference)
            {
                using var image = await fetcher.FetchAsync(reference.Uri, reference.Sha256, CancellationToken.None);
                Assert.Equal([(byte)i, (byte)(i >> 8)], image.Bytes.ToArray());
                read++;
            }
        }

        Assert.InRange(read, 300, 3000);
    }

    [Fact]
    public void Names_of_plain_text_keep_the_URI_and_so_the_id_of_earlier_versions()
    {
        foreach (var name in new[] { "a b#.jpg", "Gehäuse.jpg", "日本.png", "😀~(1)'!*.webp", "100%.jpg" })
        {
            Assert.Equal("file:///data/" + Uri.EscapeDataString(name), PublishedReference.UriOf("/data/" + name, "/data", null));
        }
    }

    [Theory]
    [InlineData(@"C:\images\a b.jpg", @"C:\images", null, "file:///C:/images/a%20b.jpg")]
    [InlineData(@"\\nas\cams\cam-1\1.jpg", @"\\nas\cams", null, "file://nas/cams/cam-1/1.jpg")]
    [InlineData(@"C:\images\sub\1.jpg", @"C:\images", "s3://parts/line-a", "s3://parts/line-a/sub/1.jpg")]
    public void Paths_of_Windows_become_URIs(string path, string root, string? baseUri, string expected) =>
        Assert.Equal(expected, PublishedReference.UriOf(path, root, baseUri is null ? null : new Uri(baseUri)));

    [Fact]
    public void A_name_that_is_not_text_cannot_be_the_key_of_an_object()
    {
        var error = Assert.Throws<FileRefusedException>(
            () => PublishedReference.UriOf("/data/teil_\uDCFC.jpg", "/data", new Uri("s3://parts/x")));
        Assert.Contains("not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_run_publishes_odd_names_and_names_what_no_reference_may_hold()
    {
        _folder.Write("teil_\u00FC.jpg", [1]);
        _folder.Write("a\\b.jpg", [2]);
        using var errors = new StringWriter();
        List<string> uris = [];
        var run = new PublishRun(
            Request(),
            (reference, _, _) =>
            {
                uris.Add(reference.Uri);
                return Task.CompletedTask;
            },
            new PublishReport(TextWriter.Null, errors, json: false));
        await run.RunAsync(PublishFiles.Expand([_folder.Path], Assert.Fail), () => { }, CancellationToken.None);

        Assert.EndsWith("/teil_%FC.jpg", Assert.Single(uris), StringComparison.Ordinal);
        Assert.Contains("a\\b.jpg: a backslash", errors.ToString(), StringComparison.Ordinal);
    }

    private async Task<byte[]> PublishAndReadAsync()
    {
        var file = Assert.Single(PublishFiles.Expand([_folder.Path], Assert.Fail));
        var reference = await PublishedReference.DescribeAsync(file, Request(), CancellationToken.None);
        using var fetcher = Some.Fetcher(Some.Options(o => o.Roots = [_folder.Path]));
        using var image = await fetcher.FetchAsync(reference.Uri, reference.Sha256, CancellationToken.None);
        return image.Bytes.ToArray();
    }

    private async Task<ImageReference?> ReferenceAsync(string path)
    {
        try
        {
            return await PublishedReference.DescribeAsync(
                new PublishFile(path, _folder.Path, DateTimeOffset.UtcNow), Request(), CancellationToken.None);
        }
        catch (FileRefusedException error)
        {
            Assert.DoesNotContain('\n', error.Message);
            return null;
        }
    }

    private PublishRequest Request() => new([_folder.Path], "A", "c", Lane.Live, BaseUri: null);
}
