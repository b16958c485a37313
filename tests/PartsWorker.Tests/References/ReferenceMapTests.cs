using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Tests.References;

public sealed class ReferenceMapTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("images-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(@"\\NAS\Cams", "/mnt/cams", @"\\nas\cams\cam-1\a b.jpg", "file:///mnt/cams/cam-1/a%20b.jpg")]
    [InlineData(@"\\nas\cams\", "/mnt/cams/", "file://NAS/cams/cam-1/a%20b.jpg", "file:///mnt/cams/cam-1/a%20b.jpg")]
    [InlineData(@"\\nas\cams", "/mnt/cams", "file:////nas/cams/1.jpg", "file:///mnt/cams/1.jpg")]
    [InlineData(@"C:\images", "/data", @"c:\Images\100%25.jpg", "file:///data/100%2525.jpg")]
    [InlineData(@"C:\images", "/data", "C:/images/1.jpg", "file:///data/1.jpg")]
    [InlineData("C:", "/data", "file:///c:/images/1.jpg", "file:///data/images/1.jpg")]
    [InlineData(@"D:\", "https://cams.example/d", "file:///D:/x/Geh%C3%A4use.jpg", "https://cams.example/d/x/Geh%C3%A4use.jpg")]
    [InlineData(@"\\nas\cams", "s3://parts/cams", @"\\nas\cams\1.jpg", "s3://parts/cams/1.jpg")]
    [InlineData("file:///srv/ftp", "/mnt/ftp", "file:///srv/ftp/1%20.jpg", "file:///mnt/ftp/1%20.jpg")]
    [InlineData("https://old.example/cams", "https://new.example", "https://old.example/cams/1.jpg", "https://new.example/1.jpg")]
    [InlineData(@"\\nas\cams", "/mnt/cams", @"\\nas\cams2\1.jpg", @"\\nas\cams2\1.jpg")]
    [InlineData("file:///srv/ftp", "/mnt/ftp", "file:///srv/ftp2/1.jpg", "file:///srv/ftp2/1.jpg")]
    [InlineData("file:///srv/ftp", "/mnt/ftp", "file:///SRV/ftp/1.jpg", "file:///SRV/ftp/1.jpg")]
    public void A_prefix_is_replaced_where_a_segment_ends(string from, string to, string reference, string expected)
    {
        var options = new ImageOptions { Map = [new ReferenceMapOptions { From = from, To = to }] };
        Assert.Equal(expected, new ReferenceMap(options).Apply(reference));
    }

    [Fact]
    public void The_longest_prefix_wins()
    {
        var options = new ImageOptions
        {
            Map =
            [
                new ReferenceMapOptions { From = @"\\nas\cams", To = "/mnt/cams" },
                new ReferenceMapOptions { From = @"\\nas\cams\line-b", To = "/mnt/b" },
            ],
        };
        Assert.Equal("file:///mnt/b/1.jpg", new ReferenceMap(options).Apply(@"\\nas\cams\line-b\1.jpg"));
    }

    [Fact]
    public async Task A_mapped_file_is_read()
    {
        File.WriteAllText(Path.Combine(_root, "1 a.jpg"), "pixels");
        using var fetcher = Fetcher();
        using var image = await fetcher.FetchAsync(@"\\NAS\cams\1 a.jpg", null, CancellationToken.None);
        Assert.Equal(6, image.Bytes.Length);
    }

    [Theory]
    [InlineData(@"\\nas\cams\..\secret.jpg", "'.' and '..'")]
    [InlineData("file://nas/cams/%2e%2e/secret.jpg", "'.' and '..'")]
    [InlineData("file://nas/cams/..%5csecret.jpg", "backslash")]
    [InlineData("file://nas/cams/%252e%252e/secret.jpg", "doubly percent-encoded")]
    [InlineData(@"\\nas\cams\%2e%2e\secret.jpg", "doubly percent-encoded")]
    [InlineData(@"\\nas\cams\\etc\passwd", "'//'")]
    [InlineData(@"\\other\cams\1.jpg", "Images:Map")]
    [InlineData("file://other/cams/1.jpg", "Images:Map")]
    [InlineData(@"C:\1.jpg", "Images:Map")]
    public async Task A_mapped_reference_leads_nowhere_else(string reference, string reason)
    {
        using var fetcher = Fetcher();
        var failure = await Some.FailureAsync(fetcher, reference);
        Assert.Equal((FailureKind.ForbiddenReference, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    private TestFetcher Fetcher() =>
        Some.Fetcher(Some.Options(o => (o.Roots, o.Map) = ([_root], [new ReferenceMapOptions { From = @"\\nas\cams", To = _root }])));
}
