using PartsWorker.Comparing;
using PartsWorker.References;

namespace PartsWorker.Tests.Comparing;

public sealed class ReportRootsTests
{
    private static readonly string[] Uris =
        ["file:///srv/cameras/1.png", "file:///srv/b/2.png", "file:///data%20a/x/3.png", "file:///4.png",
         "https://host/a/5.png", "s3://b/6.png"];

    [Fact]
    public void A_report_without_settings_reads_the_folders_of_its_own_file_references() =>
        Assert.Equal(["/srv", "/data a"], ReportRoots.Complete(new ImageOptions(), Uris).Roots);

    [Fact]
    public void A_report_with_settings_reads_what_they_allow()
    {
        Assert.Equal(["/only"], ReportRoots.Complete(new ImageOptions { Roots = ["/only"] }, Uris).Roots);
        Assert.Empty(ReportRoots.Complete(new ImageOptions { Buckets = ["b"] }, Uris).Roots);
    }
}
